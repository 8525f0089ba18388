"use strict";
(() => {
  const filter = document.getElementById("filter");
  if (filter) {
    filter.hidden = false;
    const select = filter.querySelector("select");
    select.addEventListener("change", () => {
      for (const part of document.querySelectorAll("[data-condition]")) {
        const other = select.value !== "" && part.dataset.condition !== select.value;
        part.classList.toggle("other", other);
      }
    });
  }
  const folded = () => document.querySelectorAll("details:not([open])");
  let opened = [];
  window.addEventListener("beforeprint", () => {
    opened = [...folded()];
    for (const part of opened) part.open = true;
  });
  window.addEventListener("afterprint", () => {
    for (const part of opened) part.open = false;
  });
})();
