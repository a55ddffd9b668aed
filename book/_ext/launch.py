"""Launch buttons open the exported notebook, which Colab can show, and not the page's .md;
the live-code script comes from this site.
"""

from chapters import chapter_of
from pages import colab


def fix_buttons(app, pagename, templatename, context, doctree):
    chapter = chapter_of(pagename)
    for group in context.get("header_buttons", []):
        for button in group.get("buttons", []) if chapter else []:
            if "colab" in button.get("url", ""):
                button["url"] = colab(chapter)


def local_thebe(app, pagename, templatename, context, doctree):
    """sphinx-thebe 0.3.1 declares its constants twice, and names another site."""
    files = context.get("script_files", [])
    bodies = [(js, getattr(js, "attributes", {}).get("body") or "") for js in files]
    constants = [(js, body) for js, body in bodies if "THEBE_JS_URL" in body]
    for js, _ in constants[1:]:
        files.remove(js)
    for js, body in constants[:1]:
        ours = context["pathto"]("_static/vendor/thebe/index.js", 1)
        js.attributes["body"] = body.replace(body.split('"')[1], ours)


def setup(app):
    app.connect("html-page-context", fix_buttons, priority=900)
    app.connect("html-page-context", local_thebe, priority=901)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
