/* « Aperçu » without leaving the page: shown below the field, and going on while one types. */
(function () {
  "use strict";
  var PAUSE = 400;

  document.querySelectorAll("button[name=preview][data-address]").forEach(function (button) {
    var form = button.form, open = false;
    var places = Array.from(form.querySelectorAll("[data-preview]"));
    var waiting = new Map(), asked = new Map();

    function show(place) {
      var field = document.getElementById(place.dataset.preview), number = (asked.get(place) || 0) + 1;
      asked.set(place, number);
      return fetch(button.dataset.address, {
        method: "POST",
        credentials: "same-origin",
        headers: { "X-CSRF-Token": form.querySelector("[name=csrf_token]").value },
        body: new URLSearchParams({ text: field.value })
      }).then(function (answer) {
        if (!answer.ok) throw new Error(String(answer.status));
        return answer.text();
      }).then(function (html) {
        /* An answer that was overtaken by a later one is old. */
        if (asked.get(place) !== number) return;
        place.innerHTML = html;
        place.hidden = !open || !html;
      });
    }
    function set(shown) {
      open = shown;
      button.setAttribute("aria-expanded", String(shown));
      if (!shown) places.forEach(function (place) { place.hidden = true; });
    }

    set(places.some(function (place) { return !place.hidden; }));
    button.addEventListener("click", function (event) {
      if (button.dataset.plain) return;
      event.preventDefault();
      set(!open);
      /* Where that does not work, the form is sent as it would be without scripts. */
      if (open) Promise.all(places.map(show)).catch(function () { button.dataset.plain = "plain"; button.click(); });
    });
    places.forEach(function (place) {
      document.getElementById(place.dataset.preview).addEventListener("input", function () {
        if (!open) return;
        clearTimeout(waiting.get(place));
        waiting.set(place, setTimeout(function () { show(place).catch(function () { /* with the next key */ }); }, PAUSE));
      });
    });
  });
})();
