"""What servers answered, in Arabic."""

from __future__ import annotations

import pytest

from monitor.alerts.answered import in_arabic
from monitor.alerts.verdict import HINTS, SMTP_ABOUT


@pytest.mark.parametrize(
    ("answer", "arabic"),
    [
        ("quay.example answered 404 (no such page)", "أجاب ⁨quay.example⁩ بالرمز 404 (لا صفحة بهذا العنوان)"),
        ("quay.example answered 410", "أجاب ⁨quay.example⁩ بالرمز 410"),
        ("HTTP 410: the channel is gone", "⁨HTTP 410⁩: لم تعد القناة موجودة"),
        ("HTTP 429: too many messages ('slow down')", "⁨HTTP 429⁩: رسائل أكثر مما تقبله الخدمة (⁨slow down⁩)"),
        ("HTTP 503 from relay.example: the service is in trouble", "⁨HTTP 503⁩ من ⁨relay.example⁩: الخدمة متعطلة"),
        ("SMTP 550 5.1.1: the recipient is refused", "⁨SMTP 550 5.1.1⁩: رُفض المرسل إليه"),
        (
            "HTTP 410: the channel is gone; told to the channel 'ops' instead",
            "⁨HTTP 410⁩: لم تعد القناة موجودة؛ وأُبلغت القناة «⁨ops⁩» بدلًا منها",
        ),
        ("HTTP 500: something new; told to the channel 'ops' instead", ""),
        ("HTTP 500: something new", ""),
        ("no connection to quay.example", ""),
    ],
)
def test_an_answer_is_told(answer, arabic):
    assert in_arabic(answer) == arabic


@pytest.mark.parametrize("hint", [*HINTS.values(), *SMTP_ABOUT.values()])
def test_all_that_somebody_has_to_act_on_is_known(hint):
    assert in_arabic(f"HTTP 400: {hint}")
