"""The check code of a mail: nothing is stored for it, it is read however it is typed, and only with the mail's own address."""

from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cpor_cases.mail import check_codes
from cpor_cases.mail.check_codes import ALPHABET, LENGTH, code_of, find_sent
from cpor_cases.models import OutgoingMail
from cpor_core import encryption

OLD, NEW = "the-old-key" * 6, "the-new-key" * 6


def numbered(key: int):
    return SimpleNamespace(pk=key)


def number_in(code: str) -> int:
    symbols = code.replace("-", "")
    number = sum(ALPHABET.index(symbol) << 5 * place for place, symbol in enumerate(reversed(symbols)))
    return check_codes._unpermuted(number, check_codes._keys()[0])


@given(st.integers(0, 2**50 - 1))
def test_each_key_has_one_code_which_leads_back_to_it(key):
    assert number_in(code_of(numbered(key))) == key


def test_codes_of_neighbours_have_nothing_in_common():
    codes = [code_of(numbered(key)).replace("-", "") for key in range(1, 2001)]

    assert len(set(codes)) == len(codes)
    for place in range(LENGTH):
        assert len({code[place] for code in codes}) == len(ALPHABET)
    alike = sum(
        one[place] == two[place]
        for one, two in zip(codes, codes[1:], strict=False)
        for place in range(LENGTH)
    )
    assert alike < 2 * len(codes) * LENGTH / len(ALPHABET)


@pytest.fixture
def mail(litigant):
    return OutgoingMail.objects.create(kind="password_reset", account=litigant, address=litigant.email)


def misread(code):
    return code.replace("0", "o").replace("1", "l")


def full_width(code):
    return "".join(chr(ord(symbol) + 0xFEE0) for symbol in code)


@pytest.mark.parametrize(
    "typed",
    [
        str.lower,
        misread,
        full_width,
        lambda code: code.replace("-", ""),
        lambda code: f"  {code.replace('-', ' – ')}\t",
        lambda code: " ".join(code),
        lambda code: f"查證碼：{code}",
        lambda code: f"Check code: {code}",
    ],
)
def test_a_code_is_known_however_it_is_typed(mail, typed):
    assert find_sent(code=typed(code_of(mail)), address=mail.address) == mail


@pytest.mark.parametrize(
    "address",
    [
        "LITIGANT@Example.COM",
        " litigant@example.com. ",
        "ｌｉｔｉｇａｎｔ＠ｅｘａｍｐｌｅ．ｃｏｍ",
        "王大明 <litigant@example.com> ",
        "＜litigant@example.com＞",
    ],
)
def test_the_address_is_folded_as_everywhere(mail, address):
    assert find_sent(code=code_of(mail), address=address) == mail


@pytest.mark.parametrize(
    "code",
    ["", "-", "7K4PT-9MXQ", "7K4PT-9MXQ2-7", "啟用帳號啟用帳號啟用", "*" * 10, ":", "\x00" * 10, "0" * 5000],
)
def test_what_is_no_code_is_of_no_mail(mail, code):
    assert find_sent(code=code, address=mail.address) is None


def test_an_address_that_retention_has_deleted_is_of_no_mail(mail):
    OutgoingMail.objects.update(address="")

    assert find_sent(code=code_of(mail), address="") is None


def test_codes_live_through_a_new_key(settings, mail):
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = OLD, []
    code = code_of(mail)

    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = NEW, [OLD]
    assert find_sent(code=code, address=mail.address) == mail
    assert code_of(mail) != code  # what is sent from now on
    assert find_sent(code=code_of(mail), address=mail.address) == mail

    settings.SECRET_KEY_FALLBACKS = []
    assert find_sent(code=code, address=mail.address) is None
    settings.CPOR = settings.CPOR | {"CHECK_CODE_KEYS": [check_codes.derived_key(OLD)]}
    assert find_sent(code=code, address=mail.address) == mail


def test_what_is_kept_of_an_old_key_opens_nothing_else(settings):
    settings.SECRET_KEY = OLD
    secret = encryption.encrypt("secret")

    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = NEW, [check_codes.derived_key(OLD)]

    with pytest.raises(encryption.Unreadable):
        encryption.decrypt(secret)


def test_no_code_is_stored(mail):
    code = code_of(mail)

    row = str(OutgoingMail.objects.filter(pk=mail.pk).values().get())
    assert code not in row
    assert code.replace("-", "") not in row


def test_a_code_copied_from_somebody_elses_mail_is_of_no_mail(mail, other_litigant):
    other = OutgoingMail.objects.create(kind="welcome", account=other_litigant, address=other_litigant.email)

    assert find_sent(code=code_of(mail), address=other.address) is None
    assert find_sent(code=code_of(other), address=mail.address) is None
