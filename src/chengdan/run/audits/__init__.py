"""Process audits: fixing the list, publishing the seed, drawing, judging, appeals, and what comes of it all."""

from chengdan.run.audits.drawing import advance, announce, carry_out, publish_seed
from chengdan.run.audits.redraw import Redrawn, redraw, redraw_text

__all__ = ["Redrawn", "advance", "announce", "carry_out", "publish_seed", "redraw", "redraw_text"]
