for (const button of document.querySelectorAll("thead button")) {
  button.addEventListener("click", () => {
    const head = button.parentElement, table = head.closest("table"), at = head.cellIndex;
    const down = head.getAttribute("aria-sort") === "ascending";
    for (const other of table.querySelectorAll("thead th")) other.removeAttribute("aria-sort");
    head.setAttribute("aria-sort", down ? "descending" : "ascending");
    const key = (row) => row.cells[at].dataset.key, body = table.tBodies[0];
    const number = (text) => (text === "inf" ? Infinity : text.trim() === "" ? NaN : Number(text));
    const numbers = [...body.rows].every((row) => !Number.isNaN(number(key(row))));
    const order = (a, b) => (numbers ? number(key(a)) - number(key(b)) || 0 : key(a).localeCompare(key(b), undefined, { numeric: true }));
    body.append(...[...body.rows].sort((a, b) => (down ? -1 : 1) * order(a, b)));
  });
}
