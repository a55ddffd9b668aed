"""The role ``lang``: words of another language, with their code before the first colon.

``{lang}`ar:كلمة``` becomes ``<bdi lang="ar">``: the browser takes its fonts, its voice and its
direction from that and keeps the words around it in order. In print each character chooses its
font and direction itself.
"""

import re

from docutils import nodes
from sphinx.util.docutils import SphinxRole

from mlmastery.bookkit.languages import close_direction

CODED = re.compile(r"([a-z]{2,3}(?:-[A-Za-z]{2,8})*):(.+)", re.S)


class foreign(nodes.inline):
    """Words in the language that ``lang`` names."""


class Lang(SphinxRole):
    def run(self):
        found = CODED.fullmatch(self.text)
        if not found:
            told = self.inliner.reporter.error(
                f"lang must be a language's code, a colon and words, got {self.text!r}",
                line=self.lineno,
            )
            return [self.inliner.problematic(self.rawtext, self.rawtext, told)], [told]
        code, words = found.groups()
        return [foreign(self.rawtext, words, lang=code)], []


def visit_html(translator, node):
    translator.body.append(f'<bdi lang="{node["lang"]}">')


def depart_html(translator, node):
    translator.body.append("</bdi>")


def leave(translator, node):
    """Print the words as they are."""


def depart_latex(translator, node):
    """Keep a last stop with words from right to left."""
    words = node.astext()
    translator.body.append(close_direction(words)[len(words) :])


def setup(app):
    app.add_node(
        foreign,
        html=(visit_html, depart_html),
        latex=(leave, depart_latex),
        text=(leave, leave),
    )
    app.add_role("lang", Lang())
    return {"parallel_read_safe": True, "parallel_write_safe": True}
