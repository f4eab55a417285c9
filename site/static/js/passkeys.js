// Say it on the page when a device refuses a passkey; allauth only tells the console.
(function () {
  const words = document.currentScript.dataset.error;
  document.addEventListener("allauth.error", function (event) {
    event.preventDefault();
    const main = document.querySelector("main .wrap");
    let notice = document.getElementById("passkey-error");
    if (!notice) {
      notice = document.createElement("div");
      notice.id = "passkey-error";
      notice.className = "notice notice--error";
      notice.setAttribute("role", "alert");
      notice.appendChild(document.createElement("p"));
      main.insertBefore(notice, main.querySelector("h1, .with-aside"));
    }
    notice.firstChild.textContent = words;
    notice.scrollIntoView({ block: "nearest" });
  });
})();
