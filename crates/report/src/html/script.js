"use strict";
// Everything is readable without this: it adds sorting and a filter to the tables that ask for them.
for (const table of document.querySelectorAll("table[data-sortable]")) {
  const body = table.tBodies[0];
  const rows = Array.from(body.rows);
  const heads = Array.from(table.tHead.rows[0].cells);
  const collator = new Intl.Collator(undefined, { numeric: true });
  const key = (row, column) => row.cells[column].dataset.key ?? row.cells[column].textContent.trim();

  heads.forEach((head, column) => {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = head.textContent;
    head.replaceChildren(button);
    button.addEventListener("click", () => {
      const descending = head.getAttribute("aria-sort") === "ascending";
      heads.forEach((other) => other.removeAttribute("aria-sort"));
      head.setAttribute("aria-sort", descending ? "descending" : "ascending");
      const sorted = rows.slice().sort((a, b) => collator.compare(key(a, column), key(b, column)));
      body.append(...(descending ? sorted.reverse() : sorted));
    });
  });

  const tools = document.getElementById(table.dataset.tools);
  const input = tools.querySelector("input");
  const status = tools.querySelector("output");
  const texts = rows.map((row) => row.textContent.toLowerCase());
  const filter = () => {
    const words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
    let shown = 0;
    rows.forEach((row, index) => {
      row.hidden = !words.every((word) => texts[index].includes(word));
      shown += row.hidden ? 0 : 1;
    });
    status.textContent = words.length ? `${shown} of ${rows.length} shown` : "";
  };
  input.addEventListener("input", filter);
  filter();
  tools.hidden = false;
}
addEventListener("beforeprint", () => {
  for (const details of document.querySelectorAll("td details")) details.open = true;
});
