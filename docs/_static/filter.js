// Narrows the table of all licenses by words, category and clause. Without scripts the whole table is there.
document.addEventListener("DOMContentLoaded", () => {
  const place = document.getElementById("filter");
  if (!place) return;
  const table = [...document.querySelectorAll("table")].find(
    (candidate) => place.compareDocumentPosition(candidate) & Node.DOCUMENT_POSITION_FOLLOWING);
  const rows = [...table.tBodies[0].rows];
  const text = (row, column) => row.cells[column].textContent.trim();
  const clauses = (row) => text(row, 3).split(", ");

  const field = (name, control) => {
    const label = document.createElement("label");
    label.append(name, control);
    place.append(label);
    for (const event of ["input", "change"]) control.addEventListener(event, narrow);
    return control;
  };
  const choice = (name, values) => {
    const select = document.createElement("select");
    select.append(new Option("any", ""));
    for (const value of [...new Set(values)].filter((value) => value !== "–").sort()) select.append(new Option(value));
    return field(name, select);
  };

  const words = field("Name", Object.assign(document.createElement("input"), { type: "search" }));
  const category = choice("Category", rows.map((row) => text(row, 1)));
  const clause = choice("Clause", rows.flatMap(clauses));
  const told = document.createElement("span");
  told.setAttribute("role", "status");
  place.append(told);

  function narrow() {
    const wanted = words.value.toLowerCase();
    let shown = 0;
    for (const row of rows) {
      const fits = text(row, 0).toLowerCase().includes(wanted)
        && (!category.value || text(row, 1) === category.value)
        && (!clause.value || clauses(row).includes(clause.value));
      row.hidden = !fits;
      shown += fits;
    }
    told.textContent = `${shown} of ${rows.length}`;
  }
  narrow();
});
