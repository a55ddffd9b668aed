"""Header cells of Markdown tables that say what they head: docutils leaves it out."""

import re

PART = re.compile(r"<t(head|body)>.*?</t\1>", re.S)


def with_scopes(app, pagename, templatename, context, doctree):
    """Give each header cell of a page's tables a scope, unless it has one."""
    if app.builder.format == "html" and "body" in context:
        context["body"] = PART.sub(scoped, context["body"])


def scoped(part):
    scope = "col" if part[1] == "head" else "row"
    return re.sub(r"<th(?= class=|>)", f'<th scope="{scope}"', part[0])


def setup(app):
    app.connect("html-page-context", with_scopes)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
