// Offer passkeys where the browser has them, and say it on the page when a device refuses one: allauth only tells the console.
(function () {
  if (window.PublicKeyCredential) document.querySelectorAll("[data-passkey]").forEach((button) => { button.hidden = false; });
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
