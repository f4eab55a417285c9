"""What the packaged kinds of progress entries do to hearings."""

import csv

import pytest

from cpor_core.models import ProgressKind
from cpor_core.models.progress_kinds import HearingEffect
from cpor_core.reference.files import FILES, FOLDER

pytestmark = pytest.mark.django_db


def packaged() -> list[dict]:
    with (FOLDER / "progress_kinds.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize(
    ("name", "effect"),
    [
        ("定期", HearingEffect.SETS),
        ("言詞辯論", HearingEffect.SETS),
        ("定宣判期日", HearingEffect.SETS),
        ("宣示判決", HearingEffect.SETS),
        ("改期", HearingEffect.MOVES),
        ("取消庭期", HearingEffect.CALLS_OFF),
        ("期日通知", HearingEffect.TELLS_OF),
        ("收案", HearingEffect.NONE),
        ("閱覽卷宗", HearingEffect.NONE),
    ],
)
def test_a_packaged_kind_says_what_it_does_to_hearings(name, effect):
    for file in FILES:
        file.add_missing()

    assert ProgressKind.objects.get(name__first=name).hearing_effect == effect


def test_every_packaged_kind_has_an_effect_and_those_of_the_hearing_stage_more_than_none():
    effects = {row["code"]: row["hearing_effect"] for row in packaged()}

    assert len(effects) == 65
    assert set(effects.values()) == set(HearingEffect.values)
    assert {row["code"] for row in packaged() if row["stage"] == "hearing"} <= {
        code for code, effect in effects.items() if effect != "none"
    }
