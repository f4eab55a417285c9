"""An e-mail address has one normal form, and everything that stores or compares one uses it."""

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from cpor_core.email_addresses import check, normalise, usable

SPELLINGS = [
    ("jia@demo\u200b.example", "jia@demo.example"),
    ("jia4@demo.example\u200e", "jia4@demo.example"),
    ("\u200bjia@demo.example", "jia@demo.example"),
    ("\u202aa@demo.example\u202c", "a@demo.example"),
    ("ｊｉａ６＠ｄｅｍｏ．ｅｘａｍｐｌｅ", "jia6@demo.example"),
    ("wang@demo.exampⅼe", "wang@demo.example"),
    ("Wang@Demo.Example", "wang@demo.example"),
    ("WANG@DEMO.EXAMPLE", "wang@demo.example"),
    ("　wang@demo.example \n", "wang@demo.example"),
    ("wang@demo。example", "wang@demo.example"),
    ("wang@demo.example.", "wang@demo.example"),
    ("wang\u00ad@demo.example", "wang@demo.example"),
    ("wang@demo.example\ufe0f", "wang@demo.example"),
    ("\ufeffwang@demo.example", "wang@demo.example"),
    ("jia14@資訊.台灣", "jia14@xn--9z2ax7c.xn--kpry57d"),
    ("jia14@xn--9z2ax7c.xn--kpry57d", "jia14@xn--9z2ax7c.xn--kpry57d"),
    ("JIA14@XN--9Z2AX7C.XN--KPRY57D", "jia14@xn--9z2ax7c.xn--kpry57d"),
    ("jia14@資訊。台灣", "jia14@xn--9z2ax7c.xn--kpry57d"),
    ("plain+tag_1@mail-1.court.example", "plain+tag_1@mail-1.court.example"),
    ("x@r3---sn-ab.example", "x@r3---sn-ab.example"),
    ("post@Straße.example", "post@xn--strae-oqa.example"),  # another domain than strasse.example
    ("post@xn--strae-oqa.example", "post@xn--strae-oqa.example"),
]
LONG = "a" * 64 + "@" + "b" * 63 + "." + "c" * 63 + "." + "d" * 60 + ".example"
UNUSABLE = [
    (LONG, "261" if len(LONG) == 261 else str(len(LONG))),
    ("a" * 2000 + "@demo.example", "254"),
    ("no at all", "@"),
    ("two@at@demo.example", "@"),
    ("wang @demo.example", "空白"),
    ("王大明@demo.example", "@ 之前"),
    ("@demo.example", "@ 之前"),
    ("wang@", "@"),
    ("wang@demo", "@"),
    ("wang@demo_1.example", "@"),
    ("wang@資訊_.台灣", "@"),
    ("\u0131@demo.example", "@ 之前"),  # a Turkish character, which a search without case takes for an i
    ("weiß@demo.example", "@ 之前"),  # never weiss@: that is somebody else
    ("wang@" + "資" * 60 + ".example", "@"),  # within 63 characters, not within 63 in ASCII
    ("wang@demo.example\nwong", "空白"),
    ("wang\t@demo.example", "空白"),
]


@pytest.mark.parametrize(("typed", "stored"), SPELLINGS)
def test_every_spelling_of_an_address_is_stored_alike(typed, stored):
    assert usable(typed) == stored


@pytest.mark.parametrize(("typed", "said"), UNUSABLE)
def test_an_address_that_cannot_be_used_is_refused_in_a_sentence(typed, said):
    with pytest.raises(ValidationError) as refusal:
        usable(typed)

    [sentence] = refusal.value.messages
    assert said in sentence
    assert sentence.endswith("。")


def test_the_longest_address_that_mail_can_go_to_is_taken():
    address = "a" * 64 + "@" + "b" * 63 + "." + "c" * 63 + "." + "d" * 53 + ".example"
    assert len(address) == 254

    check(address)

    with pytest.raises(ValidationError):
        check("a" + address)


@given(st.text(max_size=60))
def test_the_normal_form_of_the_normal_form_is_itself(text):
    assert normalise(normalise(text)) == normalise(text)


@given(st.emails())
def test_case_and_width_never_count(address):
    wide = "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in address)

    assert normalise(address.upper()) == normalise(address) == normalise(wide)
