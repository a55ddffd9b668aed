from . import tagging

__all__ = ["tagging"]
