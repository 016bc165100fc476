"""To which box, and which line of it, a place in a rule's text belongs."""

from __future__ import annotations

import pytest

from monitor.web.editing.where import box_at

RULE = """\
- id: raids
  title:
    en: Strikes
    ar: غارات
  severity: high
  any:
    - غارة
    # the next came in May
    - [قصف,
       جسر]
  none: [ذكرى, فيلم]
  at_least: 2
  tests:
    - match: غارة
    - no_match: سد
    - match:
        title: غارة
        body: جسر
    - because: what is this
"""


@pytest.mark.parametrize(
    ("line", "column", "box"),
    [
        (1, 7, ("id", 0)),
        (2, 3, ("title_ar", 0)),
        (3, 9, ("title_en", 0)),
        (4, 9, ("title_ar", 0)),
        (5, 13, ("severity", 0)),
        (6, 3, ("any", 1)),
        (7, 7, ("any", 1)),
        (9, 7, ("any", 2)),
        (10, 8, ("any", 2)),
        (11, 10, ("none", 1)),
        (11, 16, ("none", 2)),
        (12, 13, ("yaml", 12)),
        (14, 14, ("match", 1)),
        (15, 17, ("no_match", 1)),
        (18, 15, ("match", 2)),
        (19, 7, ("yaml", 19)),
        (13, 3, ("yaml", 13)),
        (1, 1, ("yaml", 1)),
    ],
)
def test_a_place_in_the_text_belongs_to_a_line_of_a_box_or_to_the_text(line, column, box):
    assert box_at(RULE, line, column) == box


def test_a_text_that_cannot_be_read_has_no_boxes():
    assert box_at("- id: [a\n", 1, 3) == ("yaml", 1)
