/* Comfort only: every page works without this file. */
(function () {
  "use strict";
  var root = document.documentElement;
  root.classList.add("js");

  /* The menu link leads to the links in the footer; with a script it opens the menu in place. */
  var opener = document.querySelector(".menu-button");
  var menu = document.getElementById("menu");
  if (opener && menu) {
    opener.setAttribute("role", "button");
    opener.setAttribute("aria-controls", "menu");
    var show = function (open) {
      menu.classList.toggle("open", open);
      opener.setAttribute("aria-expanded", String(open));
    };
    show(false);
    opener.addEventListener("click", function (event) {
      event.preventDefault();
      show(!menu.classList.contains("open"));
    });
    opener.addEventListener("keydown", function (event) {
      if (event.key === " ") { event.preventDefault(); opener.click(); }
    });
    document.addEventListener("keydown", function (event) {
      if (event.key === "Escape" && menu.classList.contains("open")) { show(false); opener.focus(); }
    });
  }

  /* One submission a form; back in history the buttons live again. */
  var leaving = false;
  document.addEventListener("submit", function (event) {
    var form = event.target;
    if (event.defaultPrevented) return;
    if (form.dataset.sent) { event.preventDefault(); return; }
    /* What is typed in a guarded form would go without a word with the button of another one. */
    leaving = form.hasAttribute("data-guard") || !changed;
    if (form.method.toLowerCase() !== "post") return;
    form.dataset.sent = "1";
    /* After the browser has read the form, or the pressed button would not be sent. */
    setTimeout(function () {
      form.querySelectorAll("button, input[type=submit]").forEach(function (button) {
        if (!button.disabled) { button.disabled = true; button.dataset.held = "1"; }
      });
    }, 0);
  });
  window.addEventListener("pageshow", function (event) {
    leaving = false;
    /* Kept in memory since it was sent, a guarded form still has the revision from before: fetch it anew. */
    if (event.persisted && document.querySelector("form[data-guard][data-sent]")) {
      changed = false;
      location.replace(location.pathname + location.search);
      return;
    }
    revive();
  });
  function revive() {
    document.querySelectorAll("form[data-sent]").forEach(function (form) { delete form.dataset.sent; });
    document.querySelectorAll("[data-held]").forEach(function (button) {
      button.disabled = false;
      delete button.dataset.held;
    });
  }

  /* form[data-guard]: ask before a change is lost.  What came back with errors is not saved either. */
  var changed = Boolean(document.querySelector("form[data-guard] .error-summary"));
  document.querySelectorAll("form[data-guard]").forEach(function (form) {
    form.addEventListener("input", function () { changed = true; });
  });
  window.addEventListener("beforeunload", function (event) {
    if (!changed || leaving) return;
    event.preventDefault();
    event.returnValue = "";
    /* Whoever stays may press the button again. */
    setTimeout(revive, 0);
  });

  /* form[data-auto]: a filter answers at once; without a script its button does. */
  document.querySelectorAll("form[data-auto]").forEach(function (form) {
    form.addEventListener("change", function (event) {
      if (event.target.matches("select, [type=checkbox], [type=radio]")) form.requestSubmit();
    });
  });

  /* [data-order]: rows of a list go up and down at once, their numbers with them; what moved is said. */
  document.querySelectorAll("[data-order]").forEach(function (list) {
    var said = document.querySelector(list.dataset.said);
    list.querySelectorAll(".moves").forEach(function (moves) { moves.hidden = false; });
    list.addEventListener("click", function (event) {
      var button = event.target.closest("[data-move]");
      if (!button) return;
      var row = button.closest("li");
      var up = button.dataset.move === "-1";
      var other = up ? row.previousElementSibling : row.nextElementSibling;
      if (other) {
        list.insertBefore(row, up ? other : other.nextElementSibling);
        Array.from(list.children).forEach(function (one, place) { one.querySelector("input").value = place + 1; });
        list.dispatchEvent(new Event("input", { bubbles: true }));
        button.focus();
      }
      var place = Array.from(list.children).indexOf(row) + 1;
      said.textContent = said.dataset.words.replace("{name}", row.dataset.name).replace("{place}", place)
        .replace("{count}", list.children.length);
    });
  });

  /* Stacked on a phone, a table loses its meaning for screen readers: say it again. */
  var roles = { TABLE: "table", THEAD: "rowgroup", TBODY: "rowgroup", TR: "row", TD: "cell" };
  document.querySelectorAll("table.stacked").forEach(function (table) {
    [table].concat(Array.from(table.querySelectorAll("*"))).forEach(function (node) {
      var role = node.tagName === "TH" ? (node.scope === "row" ? "rowheader" : "columnheader") : roles[node.tagName];
      if (role && !node.hasAttribute("role")) node.setAttribute("role", role);
    });
  });

  /* [data-longest]: near its bound, a field says how much it holds – counted as the server counts: composed, without the blanks
     around it, an emoji as its signs, the end of a line as one. */
  document.querySelectorAll("[data-longest]").forEach(function (field) {
    var most = Number(field.dataset.longest);
    var told = document.createElement("p");
    told.className = "hint counter";
    told.setAttribute("role", "status");
    var tell = function () {
      var count = Array.from(field.value.replace(/\r\n?/g, "\n").normalize("NFC").trim()).length;
      told.hidden = count < 0.8 * most;
      told.classList.toggle("over", count > most);
      told.textContent = told.hidden ? "" : field.form.dataset.counted.replace("{count}", count).replace("{most}", most);
    };
    if (!field.form || !field.form.dataset.counted) return;
    field.insertAdjacentElement("afterend", told);
    field.addEventListener("input", tell);
    tell();
  });

  var errors = document.querySelector(".error-summary");
  if (errors) errors.focus();
})();
