/* Improvements of the office's pages. Everything works without them. */

(() => {
  "use strict";

  const PAUSE = 300; // ms after the last key before the records are queried

  /** The headers of a request that posts what is typed: no name and no address stands in a URL. */
  function posted(form) {
    return { "X-Requested-With": "XMLHttpRequest", "X-CSRFToken": form.elements.csrfmiddlewaretoken.value };
  }

  /** The search of a list while typing: the text is posted, and its key goes with the filters to Wagtail's own refresh. */
  function searchByKey(box) {
    const form = box.form;
    const key = box.parentElement.querySelector("[data-office-search-key]");
    let timer;
    let asked = box.value.trim();

    async function ask() {
      if (box.value.trim() === asked) return;
      asked = box.value.trim();
      const wanted = asked;
      const body = new URLSearchParams({ q: wanted });
      const answer = await fetch(form.action, { method: "POST", body, headers: posted(form) });
      if (!answer.ok || wanted !== asked) return;
      key.value = (await answer.json()).key;
      key.dispatchEvent(new Event("change", { bubbles: true }));
    }

    for (const name of ["input", "change"]) {
      box.addEventListener(name, (event) => {
        event.stopPropagation();
        clearTimeout(timer);
        timer = setTimeout(ask, PAUSE);
      });
    }
  }

  /** What the records say about the application typed so far, beside the form. */
  function keepCheckResultsFresh(form) {
    const place = form.querySelector("[data-office-check-results]");
    const facts = ["court", "category", "case_number", "year", "word", "number", "applicant_name", "role",
      "email", "email_again", "received_on"];
    let timer;
    let asked = "";

    async function ask() {
      const typed = new URLSearchParams({ application: form.dataset.officeApplication });
      const values = new FormData(form);
      facts.forEach((name) => typed.set(name, values.get(name) ?? ""));
      if (typed.toString() === asked) return;
      asked = typed.toString();
      const answer = await fetch(form.dataset.officeCheck, { method: "POST", body: typed, headers: posted(form) });
      if (answer.ok && typed.toString() === asked) place.innerHTML = await answer.text();
    }

    form.addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(ask, PAUSE);
    });
    ask();
  }

  /** Only the roles of the chosen category. */
  function narrowRoles(form) {
    const roles = form.querySelector("select[name=role]");
    const groups = [...roles.querySelectorAll("optgroup")];
    const categories = [...form.querySelectorAll("input[name=category]")];

    function narrow() {
      const position = categories.findIndex((category) => category.checked);
      groups.forEach((group, index) => {
        const fits = position < 0 || index === position;
        group.hidden = !fits;
        group.disabled = !fits;
      });
      if (roles.selectedOptions[0]?.parentElement.disabled) roles.value = "";
    }

    categories.forEach((category) => category.addEventListener("change", narrow));
    narrow();
  }

  /** Hearing and courtroom only where the kind can name one; which hearing is meant where it moves or calls one off. */
  function showHearingWhereDue(kind) {
    const fields = document.querySelector("[data-office-hearing]");
    const which = document.querySelector("[data-office-which]");
    const known = [...kind.list.options];

    function show() {
      const chosen = known.find((option) => option.value === kind.value.trim());
      const filled = [...fields.querySelectorAll("input")].some((input) => input.value);
      const effect = chosen?.dataset.hearing ?? "";
      const isPicked = effect === "calls_off" && which;
      fields.hidden = Boolean(chosen) && (!effect || isPicked) && !filled;
      if (which) which.hidden = Boolean(chosen) && effect !== "moves" && effect !== "calls_off";
    }

    kind.addEventListener("input", show);
    show();
  }

  /** What the people in the case will read of the kind chosen. */
  function showWhatIsRead(kind) {
    const place = kind.parentElement.querySelector("[data-office-reads]");
    const known = [...kind.list.options];

    function show() {
      const chosen = known.find((option) => option.value === kind.value.trim());
      place.hidden = !chosen;
      if (!chosen) return;
      for (const part of place.querySelectorAll("[data-reads]")) {
        part.textContent = chosen.dataset[part.dataset.reads] || part.dataset.none || "";
        if (part.matches("dd")) part.parentElement.hidden = !part.textContent;
      }
    }

    kind.addEventListener("input", show);
    show();
  }

  /** How long a clerk may still take an entry back. The time itself stands beside it, so nothing is lost without this. */
  function countDown(place) {
    const end = new Date(place.dataset.officeCountdown);

    function show() {
      const left = Math.max(0, Math.ceil((end - Date.now()) / 1000));
      place.textContent = left
        ? place.dataset.officeLeft.replace("MIN", Math.floor(left / 60)).replace("SEC", left % 60)
        : "";
      if (left) setTimeout(show, 1000);
    }

    show();
  }

  /** How far the worker is, every second; when it is done the page is made anew. Said aloud at every tenth only. */
  function follow(section) {
    const place = section.querySelector("[data-office-progress]");
    const said = section.querySelector("[data-office-said]");
    let tenth = 0;

    async function refresh() {
      try {
        const answer = await fetch(section.dataset.officeFollow, { headers: { "X-Requested-With": "XMLHttpRequest" } });
        if (answer.redirected) return location.reload();
        if (answer.ok) place.innerHTML = await answer.text();
      } catch { /* offline: the next request may succeed */ }
      if (place.querySelector("[data-office-over]")) return location.reload();
      const now = Math.floor((place.querySelector("progress").value || 0) / 10);
      if (now > tenth) said.textContent = place.querySelector("p").textContent;
      tenth = now;
      setTimeout(refresh, 1000);
    }

    setTimeout(refresh, 500);
  }

  /** All boxes of the page with one tick, and how many are ticked. */
  function countChosen(all) {
    const boxes = [...document.querySelectorAll('input[form="office-bulk"]')];
    const said = document.querySelector("[data-office-chosen]");

    function show() {
      const count = boxes.filter((box) => box.checked).length;
      all.checked = count > 0 && count === boxes.length;
      all.indeterminate = count > 0 && count < boxes.length;
      said.textContent = count ? said.dataset.officeChosen.replace("COUNT", count) : "";
    }

    all.hidden = boxes.length === 0;
    all.addEventListener("change", () => {
      boxes.forEach((box) => { box.checked = all.checked; });
      show();
    });
    boxes.forEach((box) => box.addEventListener("change", show));
    show();
  }

  /** How much of a large file has been sent; without this the browser sends it all the same, and says less. */
  function showSending(form) {
    const place = form.querySelector("[data-office-sent]");
    const words = place.querySelector("p");

    form.addEventListener("submit", (event) => {
      const sender = new XMLHttpRequest();
      event.preventDefault();
      place.hidden = false;
      form.querySelector("button[type=submit]").disabled = true;
      sender.upload.addEventListener("progress", ({ loaded, total }) => {
        const percent = Math.floor((100 * loaded) / total);
        place.querySelector("progress").value = percent;
        words.textContent = form.dataset.officeUpload.replace("PERCENT", percent);
      });
      sender.addEventListener("load", () => {
        if (sender.responseURL !== location.href) return location.assign(sender.responseURL);
        const page = new DOMParser().parseFromString(sender.responseText, "text/html");
        document.querySelector("main").replaceWith(page.querySelector("main"));
        document.querySelectorAll("form[data-office-upload]").forEach(showSending);
      });
      sender.addEventListener("error", () => form.submit());
      sender.open("POST", location.href);
      sender.send(new FormData(form));
    });
  }

  document.querySelectorAll("[data-office-search]").forEach(searchByKey);
  document.querySelectorAll("form[data-office-upload]").forEach(showSending);
  document.querySelectorAll("[data-office-all]").forEach(countChosen);
  document.querySelectorAll("[data-office-countdown]").forEach(countDown);
  document.querySelectorAll("[data-office-follow]").forEach(follow);
  document.querySelectorAll("form[data-office-check]").forEach((form) => {
    narrowRoles(form);
    keepCheckResultsFresh(form);
  });
  document.querySelectorAll("[data-office-kind]").forEach((kind) => {
    showHearingWhereDue(kind);
    showWhatIsRead(kind);
  });
})();
