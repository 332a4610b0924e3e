"use strict";
// Filters, and the moving parts of the picture. All text goes through textContent; only web addresses become links.
(() => {
  const find = (query, within = document) => within.querySelector(query);
  const all = (query, within = document) => [...within.querySelectorAll(query)];

  function make(tag, text = "", name = "") {
    const element = document.createElement(tag);
    element.textContent = text;
    if (name) element.className = name;
    return element;
  }

  // ---- findings by severity and words
  const form = find("#filter");
  if (form) {
    const findings = all(".finding").map((element) => ({ element, text: element.textContent.toLowerCase() }));
    const apply = () => {
      const wanted = new Set(all("input[name=severity]:checked", form).map((box) => box.value));
      const words = find("#words").value.toLowerCase().split(/\s+/).filter(Boolean);
      let shown = 0;
      for (const { element, text } of findings) {
        const fits = wanted.has(element.dataset.severity) && words.every((word) => text.includes(word));
        element.hidden = !fits;
        shown += fits;
      }
      for (const part of all(".subject")) part.hidden = !find(".finding:not([hidden])", part);
      find("#shown").textContent = `${shown} of ${findings.length} shown`;
    };
    form.addEventListener("input", apply);
    form.addEventListener("submit", (event) => event.preventDefault());
    form.hidden = false;
    apply();
  }

  // ---- the picture
  const stage = find("#stage"), svg = find("#stage .lineage"), details = find("#details");
  if (!svg) return;
  const data = JSON.parse(find("#data").textContent);
  const nodes = all(".node", svg), edges = all(".edge", svg);
  const full = svg.viewBox.baseVal, whole = { x: 0, y: 0, w: full.width, h: full.height };
  const boxes = nodes.map((node) => {
    const { e, f } = node.transform.baseVal.consolidate().matrix;
    const size = find(".box", node);
    const w = size.width.baseVal.value, h = size.height.baseVal.value;
    return { x: e + w / 2, y: f + h / 2, w, h };
  });
  const ends = edges.map((edge) => [Number(edge.dataset.child), Number(edge.dataset.parent)]);
  const view = { x: 0, y: 0, scale: 1 }; // the middle of what is seen, and pixels on the screen for one of the picture
  let chosen = null, current = 0, fitted = false, width = 0;

  const draw = () => {
    const w = svg.clientWidth / view.scale, h = svg.clientHeight / view.scale;
    svg.setAttribute("viewBox", `${view.x - w / 2} ${view.y - h / 2} ${w} ${h}`);
  };
  const fitting = () => Math.min(svg.clientWidth / whole.w, svg.clientHeight / whole.h);
  const fit = () => {
    Object.assign(view, { x: whole.w / 2, y: whole.h / 2, scale: Math.min(fitting(), 1.4) });
    fitted = true;
    draw();
  };
  const zoom = (factor, x = view.x, y = view.y) => {
    fitted = false;
    const scale = Math.min(Math.max(view.scale * factor, Math.min(fitting(), 1) / 1.5), 4), ratio = view.scale / scale;
    Object.assign(view, { x: x + (view.x - x) * ratio, y: y + (view.y - y) * ratio, scale });
    draw();
  };
  const resized = () => { // the left end stays where it is
    const grown = svg.clientWidth - width;
    width = svg.clientWidth;
    if (!grown) return draw();
    if (fitted && fitting() >= 0.4) return fit();
    view.x += grown / view.scale / 2;
    draw();
  };
  const reveal = (number) => {
    const { x, y, w, h } = boxes[number];
    const inside =
      Math.abs(x - view.x) + w / 2 < svg.clientWidth / view.scale / 2 &&
      Math.abs(y - view.y) + h / 2 < svg.clientHeight / view.scale / 2;
    if (!inside) Object.assign(view, { x, y });
    draw();
  };
  const frame = (members) => { // all of them in view, no larger than now
    const spots = members.map((number) => boxes[number]);
    const [left, top] = [Math.min(...spots.map(({ x, w }) => x - w / 2)), Math.min(...spots.map(({ y, h }) => y - h / 2))];
    const [right, bottom] = [Math.max(...spots.map(({ x, w }) => x + w / 2)), Math.max(...spots.map(({ y, h }) => y + h / 2))];
    const scale = 0.9 * Math.min(svg.clientWidth / (right - left), svg.clientHeight / (bottom - top));
    Object.assign(view, { x: (left + right) / 2, y: (top + bottom) / 2, scale: Math.min(view.scale, scale) });
    fitted = false;
    draw();
  };
  const point = (event) => {
    const area = svg.getBoundingClientRect();
    return [
      view.x + (event.clientX - area.left - area.width / 2) / view.scale,
      view.y + (event.clientY - area.top - area.height / 2) / view.scale,
    ];
  };

  const light = (members, steps) => {
    svg.classList.toggle("traced", members.size > 0);
    nodes.forEach((node, number) => node.classList.toggle("lit", members.has(number)));
    edges.forEach((edge, number) => edge.classList.toggle("lit", steps(...ends[number])));
  };
  const lightPath = (path) => {
    const pairs = new Set(path.slice(1).map((number, step) => `${path[step]} ${number}`));
    light(new Set(path), (child, parent) => pairs.has(`${child} ${parent}`));
  };
  const lightKin = (number) => { // what it was made from, and what was made from it
    const reach = (from, to) => {
      const next = new Map();
      for (const end of ends) next.set(end[from], [...(next.get(end[from]) || []), end[to]]);
      const seen = new Set([number]);
      for (const member of seen) for (const other of next.get(member) || []) seen.add(other);
      return seen;
    };
    const up = reach(0, 1), down = reach(1, 0);
    light(new Set([...up, ...down]), (c, p) => (up.has(c) && up.has(p)) || (down.has(c) && down.has(p)));
  };
  const clear = () => {
    light(new Set(), () => false);
    if (chosen !== null) nodes[chosen].classList.remove("chosen");
    chosen = null;
    details.hidden = true;
    stage.classList.remove("open");
    resized();
    find("#clear").disabled = true;
  };

  // ---- what is known of one member
  const places = (numbers) => {
    const list = make("ul", "", "evidence");
    for (const number of numbers) {
      const { quote, place, href } = data.places[number], row = make("li");
      if (quote) row.append(make("q", quote), " ");
      row.append(linked(place, href));
      list.append(row);
    }
    return list;
  };
  const linked = (text, href) => {
    if (!/^https?:\/\//.test(href || "")) return make("span", text);
    const link = make("a", text);
    link.href = href;
    link.rel = "noopener noreferrer";
    return link;
  };
  const button = (text, act) => {
    const element = make("button", text);
    element.type = "button";
    element.addEventListener("click", act);
    return element;
  };
  const clauses = (numbers) => numbers.map((number) => {
    const { title, kind, meaning, section, params, at } = data.clauses[number];
    const part = make("div", "", "clause"), head = make("p");
    head.append(make("strong", title), ` (${kind}${section ? `, section ${section}` : ""})`);
    part.append(head, make("p", meaning));
    if (params) part.append(make("p", params, "note"));
    part.append(places(at));
    return part;
  });
  const stated = (title, rows) => rows && rows.length ? [
    make("h4", title),
    ...rows.flatMap(({ field, value, at }) => [make("p", `${field}: ${value}`), places(at)]),
  ] : [];

  function tell(number) {
    const member = data.members[number], facts = make("dl", "", "facts"), title = make("h3");
    title.append(linked(member.name, member.page));
    for (const [key, value] of member.facts) facts.append(make("dt", key), make("dd", value));
    details.replaceChildren(title, make("p", member.look, "about"), facts);
    if (member.clauses && member.clauses.length) {
      details.append(make("h4", "What its own license says"), ...clauses(member.clauses));
    }
    for (const { way, via, doubt, path, clauses: theirs } of member.inherited || []) {
      const words = make("p", `${way} (${via})${doubt ? `; ${doubt}` : ""} `, "path");
      words.append(button("Show path", () => lightPath(path)));
      details.append(make("h4", "What reaches it from its ancestry"), words, ...clauses(theirs));
    }
    if (member.parents.length) details.append(make("h4", "Made from"));
    for (const { relation, to, at } of member.parents) {
      const row = make("p", `${relation} `);
      row.append(button(data.members[to].name, () => choose(to)));
      details.append(row, places(at));
    }
    details.append(...stated("What it states", member.stated), ...stated("Where it disagrees with itself", member.conflicts));
    if (member.gaps && member.gaps.length) {
      const list = make("ul");
      list.append(...member.gaps.map((gap) => make("li", gap)));
      details.append(make("h4", "What could not be learnt"), list);
    }
    details.scrollTop = 0;
    details.hidden = false;
    stage.classList.add("open");
  }

  const focusable = (number) => {
    nodes[current].setAttribute("tabindex", "-1");
    current = number;
    nodes[current].setAttribute("tabindex", "0");
  };
  const choose = (number) => {
    if (chosen !== null) nodes[chosen].classList.remove("chosen");
    chosen = number;
    nodes[number].classList.add("chosen");
    focusable(number);
    lightKin(number);
    tell(number);
    resized();
    reveal(number);
    find("#clear").disabled = false;
  };
  const nearest = (number, dx, dy) => {
    let best = null, least = Infinity;
    boxes.forEach((box, other) => {
      const x = box.x - boxes[number].x, y = box.y - boxes[number].y;
      const along = x * dx + y * dy, aside = Math.abs(x * dy) + Math.abs(y * dx);
      if (other !== number && along > 1 && along + 3 * aside < least) [best, least] = [other, along + 3 * aside];
    });
    return best;
  };

  // ---- keys, mouse and buttons
  nodes.forEach((node, number) => {
    node.setAttribute("role", "button");
    node.setAttribute("tabindex", number ? "-1" : "0");
    node.addEventListener("click", () => moved < 5 && choose(number));
    node.addEventListener("focus", () => node.matches(":focus-visible") && reveal(number));
    const beside = (on) => edges.forEach((edge, step) => edge.classList.toggle("near", on && ends[step].includes(number)));
    node.addEventListener("pointerenter", () => beside(true));
    node.addEventListener("pointerleave", () => beside(false));
  });
  const arrows = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
  svg.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key in arrows) {
      const next = nearest(current, ...arrows[event.key]);
      if (next !== null) {
        focusable(next);
        nodes[next].focus();
        reveal(next);
      }
    } else if (event.key === "Enter" || event.key === " ") choose(current);
    else if (event.key === "Escape") clear();
    else if (event.key === "+" || event.key === "=") zoom(1.25);
    else if (event.key === "-") zoom(0.8);
    else if (event.key === "0") fit();
    else return;
    event.preventDefault();
  });
  // One pointer drags; two pinch. `grip` is the middle of them, and how far they are apart.
  const pointers = new Map();
  let moved = 0;
  const grip = () => {
    const spots = [...pointers.values()], [first, second] = spots;
    const [x, y] = [0, 1].map((axis) => spots.reduce((sum, spot) => sum + spot[axis], 0) / spots.length);
    return { x, y, spread: second ? Math.hypot(first[0] - second[0], first[1] - second[1]) : 0 };
  };
  svg.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    if (!pointers.size) moved = 0;
    pointers.set(event.pointerId, [event.clientX, event.clientY]);
  });
  addEventListener("pointermove", (event) => {
    if (!pointers.has(event.pointerId)) return;
    const before = grip();
    pointers.set(event.pointerId, [event.clientX, event.clientY]);
    const after = grip(), dx = after.x - before.x, dy = after.y - before.y;
    moved += Math.abs(dx) + Math.abs(dy) + Math.abs(after.spread - before.spread);
    if (moved < 5) return;
    svg.classList.add("held");
    fitted = false;
    view.x -= dx / view.scale;
    view.y -= dy / view.scale;
    if (!before.spread || !after.spread) return draw();
    zoom(after.spread / before.spread, ...point({ clientX: after.x, clientY: after.y }));
  });
  const release = (event) => {
    pointers.delete(event.pointerId);
    if (!pointers.size) svg.classList.remove("held");
  };
  addEventListener("pointerup", release);
  addEventListener("pointercancel", release);
  svg.addEventListener("click", (event) => !event.target.closest(".node") && moved < 5 && clear());
  svg.addEventListener("wheel", (event) => { // the plain wheel scrolls the page
    if (!event.ctrlKey && !event.metaKey) return;
    event.preventDefault();
    zoom(Math.exp(-event.deltaY / 300), ...point(event));
  }, { passive: false });
  find("#in").addEventListener("click", () => zoom(1.25));
  find("#out").addEventListener("click", () => zoom(0.8));
  find("#fit").addEventListener("click", fit);
  find("#clear").addEventListener("click", clear);
  for (const show of all("button[data-path]")) {
    show.hidden = false;
    show.addEventListener("click", () => {
      clear();
      const path = show.dataset.path.split(" ").map(Number);
      lightPath(path);
      find("#clear").disabled = false;
      focusable(path[0]);
      frame(path);
      stage.scrollIntoView({ block: "center" });
      nodes[path[0]].focus({ preventScroll: true });
    });
  }
  for (const row of all("tr[data-node]")) {
    find("th", row).append(" ", button("Show", () => {
      choose(Number(row.dataset.node));
      stage.scrollIntoView({ block: "center" });
      nodes[current].focus({ preventScroll: true });
    }));
  }
  details.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    clear();
    nodes[current].focus();
  });
  stage.classList.add("live");
  const largest = Math.min(Math.max(svg.clientWidth / whole.w, 0.6), 1.4); // the scale of the first view
  svg.style.height = `min(62vh, ${Math.round(Math.max(whole.h * largest, 200))}px)`;
  find("#tools").hidden = false;
  const start = () => { // what is too large to be read at once begins at its left end, with the target
    fit();
    if (view.scale >= 0.6) return;
    fitted = false;
    view.scale = 0.6;
    const half = svg.clientHeight / view.scale / 2;
    const y = whole.h > 2 * half ? Math.min(Math.max(boxes[0].y, half), whole.h - half) : whole.h / 2;
    Object.assign(view, { x: svg.clientWidth / view.scale / 2, y });
    draw();
  };
  width = svg.clientWidth;
  start();
  new ResizeObserver(resized).observe(svg);
  addEventListener("beforeprint", () => svg.setAttribute("viewBox", `0 0 ${whole.w} ${whole.h}`));
  addEventListener("afterprint", draw);
})();
