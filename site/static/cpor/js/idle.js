// Warns before a log-in ends. If it was idle, a key or the button goes on; if it has lasted as long as one may, the person logs
// in again. Without this script it just ends, by the server's clock.
(function () {
  const own = document.currentScript.dataset;
  const TEXT = "textarea, input:not([type=password]):not([type=hidden]):not([type=file]):not([autocomplete=one-time-code])";
  const kept = "typed:" + own.account + ":" + location.pathname;
  const seen = "seen:" + own.account;
  const ends = Date.now() + Number(own.left) * 1000;
  let notice = null;

  const noteSeen = () => localStorage.setItem(seen, String(Date.now()));
  const idleSeconds = () => (Date.now() - Number(localStorage.getItem(seen))) / 1000;
  const secondsLeft = () => (ends - Date.now()) / 1000;
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
      const part = isChoice(field) ? "checked" : "value";
      if (value === undefined || field[part] === value) return;
      field[part] = value;
      const folded = field.closest("details");
      if (folded) folded.open = true;
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

  function warn(text, label, act) {
    notice = document.createElement("div");
    notice.className = "notice notice--warning idle";
    notice.setAttribute("role", "alert");
    const words = document.createElement("p");
    words.textContent = text;
    const button = document.createElement("button");
    button.type = "button";
    button.className = "button";
    button.textContent = label;
    button.addEventListener("click", act);
    notice.append(words, button);
    document.body.append(notice);
  }

  function leave() {
    keepTyped();
    location.assign(own.login + "?next=" + encodeURIComponent(location.pathname + location.search));
  }

  function warnIdle() {
    warn(own.words, own.button, goOn);
    document.addEventListener("keydown", goOn);
  }

  async function logInAgain() {
    try {
      await fetch(own.logout, { method: "POST", headers: { "X-CSRFToken": own.token }, redirect: "manual" });
    } finally {
      leave();
    }
  }

  function check() {
    const idle = Number(own.seconds) - idleSeconds();
    const isLast = secondsLeft() <= Number(own.warning);
    if (idle <= 0 || secondsLeft() <= 0) {
      clearInterval(checking);
      logInAgain(); // by the server's clock, which counts by minutes, an idle log-in may not be over yet
    } else if (idle > Number(own.warning) && !isLast) hide();
    else if (!notice && isLast) warn(own.over, own.again, logInAgain);
    else if (!notice) warnIdle();
  }

  noteSeen();
  showTyped();
  const checking = setInterval(check, 1000);
})();
