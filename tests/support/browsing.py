"""What a person does in a browser: the screen sizes, logging in, reading a field, proving who it is by a passkey."""

from playwright.sync_api import Page

PASSWORD = "a long walk to the court"
SIZES = {"desktop": {"width": 1280, "height": 900}, "phone": {"width": 390, "height": 844}}
# The first that is installed; the shell has no windows to draw, which saves a quarter of the work of a page
BROWSERS = ["chromium-headless-shell", "chromium", "chromium-browser", "google-chrome"]
AXE_OPTIONS = {"resultTypes": ["violations"]}  # all that passes, told in full, takes a third of the time
CHROMIUM_OPTIONS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


def log_in(page: Page, name: str, password: str = PASSWORD, *, to: str = "") -> None:
    """Log in by password; wait for the address that ends in `to`, or for whichever page comes next."""
    if "/accounts/login/" not in page.url:
        page.goto("/accounts/login/")
    page.fill("[name=login]", name)
    page.fill("[name=password]", password)
    with page.expect_navigation():
        page.click("main form.narrow button[type=submit]")
    if to:
        page.wait_for_url(f"**{to}")


def value_of(page: Page, selector: str) -> str:
    """Return what a field holds once its page has loaded: a text area is empty until its text has been parsed."""
    page.wait_for_selector(selector)
    page.wait_for_load_state()
    return page.input_value(selector)


def add_virtual_authenticator(page: Page) -> None:
    """Give the browser a device that keeps passkeys and always verifies its user."""
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": options})
