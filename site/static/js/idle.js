// Warns before an idle log-in ends. A key or the button goes on; without this script it just ends, by the server's clock.
(function () {
  const own = document.currentScript.dataset;
  const TEXT = "textarea, input:not([type=password]):not([type=hidden]):not([type=file]):not([autocomplete=one-time-code])";
  const kept = "typed:" + own.account + ":" + location.pathname;
  const seen = "seen:" + own.account;
  let notice = null;

  const noteSeen = () => localStorage.setItem(seen, String(Date.now()));
  const idleSeconds = () => (Date.now() - Number(localStorage.getItem(seen))) / 1000;
  const fields = () => document.querySelectorAll("main form[method=post] :is(" + TEXT + ", select)");
  const isChoice = (field) => field.type === "checkbox" || field.type === "radio";
  const nameOf = (field) => field.name + (field.type === "radio" ? "=" + field.value : "");

  function keepTyped() {
    const typed = {};
    fields().forEach((field) => { if (field.name) typed[nameOf(field)] = isChoice(field) ? field.checked : field.value; });
    if (Object.keys(typed).length) sessionStorage.setItem(kept, JSON.stringify(typed));
  }

  function showTyped() {
    const typed = JSON.parse(sessionStorage.getItem(kept) || "{}");
    sessionStorage.removeItem(kept);
    fields().forEach((field) => {
      const value = typed[nameOf(field)];
      if (value === undefined) return;
      if (isChoice(field)) field.checked = value; else field.value = value;
    });
  }

  function hide() {
    if (notice) notice.remove();
    notice = null;
    document.removeEventListener("keydown", goOn);
  }

  async function goOn() {
    const answer = await fetch(own.url, { method: "POST", headers: { "X-CSRFToken": own.token }, redirect: "manual" });
    if (!answer.ok) return leave();
    noteSeen();
    hide();
  }

  function warn() {
    notice = document.createElement("div");
    notice.className = "notice notice--warning idle";
    notice.setAttribute("role", "alert");
    const words = document.createElement("p");
    words.textContent = own.words;
    const button = document.createElement("button");
    button.type = "button";
    button.className = "button";
    button.textContent = own.button;
    button.addEventListener("click", goOn);
    notice.append(words, button);
    document.body.append(notice);
    document.addEventListener("keydown", goOn);
  }

  function leave() {
    keepTyped();
    location.assign(own.login + "?next=" + encodeURIComponent(location.pathname + location.search));
  }

  function look() {
    const left = Number(own.seconds) - idleSeconds();
    if (left <= 0) leave();
    else if (left > Number(own.warning)) hide();
    else if (!notice) warn();
  }

  noteSeen();
  showTyped();
  setInterval(look, 1000);
})();
