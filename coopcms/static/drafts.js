/* Comfort for bad coverage: what is typed is kept on this device until the site has it; a photo is made small before it leaves. */
(function () {
  "use strict";
  var body = document.body, me = body.dataset.reader || "", DAYS = 30;
  var store;
  try { store = window.localStorage; store.getItem(""); } catch (error) { return; }

  function each(work) {
    for (var i = store.length - 1; i >= 0; i--) {
      var key = store.key(i);
      if (key && key.indexOf("draft:") === 0) work(key);
    }
  }
  function read(key) {
    try { return JSON.parse(store.getItem(key)); } catch (error) { return null; }
  }

  /* What the site has is forgotten here; so is what is old, and everything when somebody logs out. */
  var saved = body.dataset.saved;
  each(function (key) {
    var draft = read(key);
    var old = !draft || Date.now() - draft.when > DAYS * 864e5;
    if (old || (saved && key.indexOf("draft:" + me + ":" + saved + "#") === 0)) store.removeItem(key);
  });
  document.querySelectorAll("form[action$='/logout']").forEach(function (form) {
    form.addEventListener("submit", function () {
      each(function (key) { if (key.indexOf("draft:" + me + ":") === 0) store.removeItem(key); });
    });
  });

  function typed(form) {
    return Array.from(form.elements).filter(function (field) {
      return field.name && /^(textarea|select-one|select-multiple|text|email|tel|url|number|date|search|radio|checkbox)$/.test(field.type);
    });
  }
  function values(form) {
    return typed(form).map(function (field, place) {
      var ticked = field.type === "radio" || field.type === "checkbox";
      return [field.name, place, ticked ? field.checked : field.value];
    });
  }
  function same(one, other) { return JSON.stringify(one) === JSON.stringify(other); }
  function put(form, kept) {
    var fields = typed(form);
    kept.forEach(function (entry) {
      var field = fields[entry[1]];
      if (!field || field.name !== entry[0]) return;
      if (typeof entry[2] === "boolean") field.checked = entry[2]; else field.value = entry[2];
    });
  }

  document.querySelectorAll("form[data-guard]").forEach(function (form) {
    var words = form.querySelector("[data-draft]");
    var hidden = function (name) { var field = form.querySelector("[type=hidden][name=" + name + "]"); return field ? field.value : ""; };
    var key = "draft:" + me + ":" + new URL(form.action, location.href).pathname + "#" + (form.id || hidden("transition")) + hidden("in_reply_to");
    var base = form.querySelector("[type=hidden][name=revision]");
    var loaded = values(form), draft = read(key), timer = null;
    var refused = Boolean(document.querySelector(".error-summary, #theirs"));

    if (draft && same(draft.values, loaded) && !refused) store.removeItem(key);
    else if (draft && !refused && words) {
      /* On top of what a colleague saved since, it must not be written without a word: it starts from the revision it started from. */
      var current = base ? base.value : "";
      put(form, draft.values);
      if (base) base.value = draft.base;
      words.hidden = false;
      form.dispatchEvent(new Event("input", { bubbles: true }));
      words.querySelector("button").addEventListener("click", function () {
        put(form, loaded);
        if (base) base.value = current;
        store.removeItem(key);
        words.hidden = true;
        form.querySelector("input:not([type=hidden]), textarea, select").focus();
      });
    }

    function keep() {
      clearTimeout(timer);
      timer = null;
      try { store.setItem(key, JSON.stringify({ when: Date.now(), base: base ? base.value : "", values: values(form) })); } catch (error) { /* full: nothing to be done here */ }
    }
    form.addEventListener("input", function (event) {
      if (event.isTrusted && !timer) timer = setTimeout(keep, 300);
    });
    addEventListener("pagehide", function () { if (timer) keep(); });

    /* Without a network the text stays where it is, on the page and on the device. */
    var away = form.querySelector("[data-offline]");
    form.addEventListener("submit", function (event) {
      keep();
      if (navigator.onLine !== false || !away) return;
      event.preventDefault();
      away.hidden = false;
      away.focus();
    });
    addEventListener("online", function () { if (away) away.hidden = true; });
  });

  /* A photo of a phone has ten times the bytes that anybody looks at. Drawn anew it is small, and forgets where it was taken.
     Where a field says how much it takes, the photo is evidence: it leaves as it is unless it is heavier than that. */
  document.querySelectorAll("input[type=file][data-shrunk]").forEach(function (input) {
    var said = document.createElement("p");
    said.className = "hint";
    said.setAttribute("role", "status");
    input.insertAdjacentElement("afterend", said);
    input.addEventListener("change", function () {
      var file = input.files[0], side = 2000;
      said.textContent = "";
      if (!file || file.size <= Number(input.dataset.most || 0) || !/^image\/(jpeg|png|webp)$/.test(file.type) || !window.createImageBitmap || !window.DataTransfer) return;
      createImageBitmap(file).then(function (picture) {
        var scale = Math.min(1, side / Math.max(picture.width, picture.height));
        if (scale === 1 && file.size < 1e6) return;
        var canvas = document.createElement("canvas");
        canvas.width = Math.round(picture.width * scale);
        canvas.height = Math.round(picture.height * scale);
        canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
        var kind = file.type === "image/png" ? "image/png" : "image/jpeg";
        canvas.toBlob(function (blob) {
          if (!blob || blob.size >= file.size || input.files[0] !== file) return;
          var list = new DataTransfer();
          list.items.add(new File([blob], file.name.replace(/\.\w+$/, "") + (kind === "image/png" ? ".png" : ".jpg"), { type: kind }));
          input.files = list.files;
          var weight = function (bytes) { return (bytes / 1e6).toLocaleString(document.documentElement.lang, { maximumFractionDigits: 1 }); };
          said.textContent = input.dataset.shrunk.replace("{from}", weight(file.size)).replace("{to}", weight(blob.size));
        }, kind, 0.85);
      }, function () { /* not a picture this browser reads: the site answers */ });
    });
  });
})();
