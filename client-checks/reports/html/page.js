"use strict";
// Everything that a client printed is put into text nodes: h() and textContent, never innerHTML.
const data = JSON.parse(document.getElementById("data").textContent);
const T = data.texts;
const VERDICTS = ["pass", "fail", "skip", "error"];
const MAIN = document.getElementById("main");

function h(tag, attributes, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes || {})) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== ""));
  return element;
}

// ---- the data, taken apart as client-checks/reports/html.cpp puts it together
function cellOf(array, scenario) {
  const cell = { scenario, client: data.clients[array[0]], verdict: VERDICTS[array[1]], word: T[array[2]],
                 known: (array[3] & 1) !== 0, accepts: (array[3] & 2) !== 0, ms: array[4], why: array[5].map(text),
                 because: array[6].map(text), expected: T[array[7]], at: T[array[8]], seen: null };
  if (array.length > 9) {
    const [outcome, wire, also, symptom, says, steady, errors, exit, command, findings, first, test, fix, connection, connections] = array[9];
    cell.seen = { outcome: T[outcome], wire: wire.map(text), also: also.map(text), symptom: T[symptom], says: T[says],
                  steady: T[steady], errors: T[errors], exit, variables: command[0], words: command[1].map(text),
                  findings: findings.map(([cause, confidence, because]) => ({ cause: T[cause], confidence: T[confidence], because: because.map(text) })),
                  first: first.map(text), test: T[test], fix: T[fix], connection, connections };
  }
  return cell;
}
function text(number) { return T[number]; }
for (const scenario of data.scenarios) {
  scenario.family = scenario.name.split("/")[0];
  scenario.byClient = new Map();
  for (const array of scenario.cells) scenario.byClient.set(data.clients[array[0]].name, cellOf(array, scenario));
  scenario.cells = [...scenario.byClient.values()];
}
const allCells = data.scenarios.flatMap((scenario) => scenario.cells);
const looks = (cell) => cell.known ? "known" : cell.accepts && cell.verdict === "pass" ? "accepts" : cell.verdict;
const count = (verdict) => allCells.filter((cell) => cell.verdict === verdict).length;
const red = (cell) => cell.verdict === "fail" || cell.verdict === "error";
const group = (list, key) => list.reduce((map, each) => { const k = key(each); map.has(k) ? map.get(k).push(each) : map.set(k, [each]); return map; }, new Map());
const uniq = (list) => [...new Set(list)];
const go = (...parts) => "#/" + parts.map(encodeURIComponent).join("/");
const cellLink = (cell, label) => h("a", { href: go("cell", cell.scenario.name, cell.client.name) }, label);

// ---- the head
function head() {
  const parts = [`${allCells.length} cells: ${count("pass")} pass, ${count("fail")} fail, ${count("skip")} skipped, ${count("error")} in error`,
                 `${(data.wall / 1000).toFixed(1)} s`];
  if (data.started) parts.push(data.started);
  if (data.shard) parts.push(`part ${data.shard}`);
  document.getElementById("summary").textContent = parts.join(" · ");
  document.title = `alert40: ${count("fail") + count("error")} of ${allCells.length} cells not as expected`;
  if (!data.complete) {
    const warning = document.getElementById("warning");
    warning.hidden = false;
    warning.textContent = `Not complete${data.interrupted ? ", " + data.interrupted : ""}: ${allCells.length} of ${data.scenarios.length * data.clients.length} cells were measured.`;
  }
}
const VIEWS = [["matrix", "Matrix"], ["causes", "Rosetta: one cause, every client"], ["texts", "Rosetta: one text, every cause"], ["clients", "Clients"]];
if (data.since) VIEWS.unshift(["changes", `Changes (${data.since.changes.filter((change) => change.counts).length})`]);

// ---- the matrix
const filter = { verdicts: new Set([...VERDICTS, "known"]), text: "", family: "", clients: new Set(data.clients.map((client) => client.name)), differ: false };
const closed = new Set();
const narrow = matchMedia("(max-width: 46rem)").matches;
for (const [family, scenarios] of group(data.scenarios, (scenario) => scenario.family))
  if (narrow && data.scenarios.length > 20 && !scenarios.some((scenario) => scenario.cells.some(red))) closed.add(family);

function shows(cell) { return filter.clients.has(cell.client.name) && filter.verdicts.has(cell.known ? "known" : cell.verdict); }
function rowShows(scenario) {
  if (filter.family && scenario.family !== filter.family) return false;
  const wanted = filter.text.toLowerCase();
  const found = (cell) => !wanted || (cell.seen && (cell.seen.says + "\n" + cell.seen.symptom).toLowerCase().includes(wanted));
  const named = !wanted || [scenario.name, scenario.title, scenario.cause].some((each) => each.toLowerCase().includes(wanted));
  const cells = scenario.cells.filter(shows);
  if (filter.differ && uniq(cells.filter((cell) => cell.verdict !== "skip").map((cell) => cell.word)).length < 2) return false;
  return cells.length > 0 && (named || cells.some(found));
}
function cellButton(cell) {
  return h("button", { class: "cell " + looks(cell), type: "button", tabindex: "-1", "data-client": cell.client.name,
                       "data-scenario": cell.scenario.name, title: `${cell.scenario.name} with ${cell.client.name}: ${cell.known ? "as in the baseline, " : ""}${cell.verdict}`,
                       "aria-label": `${cell.scenario.name} with ${cell.client.name}: ${cell.verdict}, ${cell.word}` }, cell.word);
}
function familyBody(family, scenarios, clients) {
  const open = !closed.has(family);
  const failing = scenarios.reduce((sum, scenario) => sum + scenario.cells.filter((cell) => red(cell) && shows(cell)).length, 0);
  const toggle = h("button", { type: "button", "aria-expanded": String(open), onclick: () => { closed.has(family) ? closed.delete(family) : closed.add(family); drawTable(); } },
                   `${family}: ${scenarios.length} scenarios` + (failing ? `, ${failing} cells not as expected` : ""));
  const rows = [h("tr", {}, h("th", { class: "family", colspan: clients.length + 1, scope: "rowgroup" }, toggle))];
  if (open) for (const scenario of scenarios)
    rows.push(h("tr", { class: "row" }, h("th", { scope: "row", title: scenario.title }, scenario.name),
                clients.map((client) => { const cell = scenario.byClient.get(client.name); return cell && shows(cell) ? h("td", {}, cellButton(cell)) : h("td", { class: "empty" }); })));
  return h("tbody", {}, rows);
}
function drawTable() {
  const clients = data.clients.filter((client) => filter.clients.has(client.name));
  const scenarios = data.scenarios.filter(rowShows);
  const heads = clients.map((client) => h("th", { scope: "col", title: `${client.title} ${client.version || client.absent}` }, h("span", {}, client.name)));
  const table = h("table", { class: "matrix", onclick: openCell, onkeydown: moveInTable },
                  h("caption", { class: "quiet" }, `${scenarios.length} of ${data.scenarios.length} scenarios. < from the server, > from the client; a number is an alert.`),
                  h("thead", {}, h("tr", {}, h("th", { scope: "col" }, "scenario"), heads)),
                  [...group(scenarios, (scenario) => scenario.family)].map(([family, list]) => familyBody(family, list, clients)));
  document.querySelector(".frame").replaceChildren(table);
  const first = table.querySelector(".cell");
  if (first) first.tabIndex = 0;
}
function openCell(event) {
  const button = event.target.closest(".cell");
  if (button) location.hash = go("cell", button.dataset.scenario, button.dataset.client);
}
/// One stop of the tab key for the whole table; the arrows move inside.
function moveInTable(event) {
  const button = event.target.closest(".cell");
  const steps = { ArrowRight: [0, 1], ArrowLeft: [0, -1], ArrowDown: [1, 0], ArrowUp: [-1, 0], Home: [0, -999], End: [0, 999] };
  if (!button || !steps[event.key]) return;
  event.preventDefault();
  const [down, right] = steps[event.key];
  const rows = [...document.querySelectorAll(".matrix tr.row")];
  const row = button.closest("tr");
  const column = [...row.children].indexOf(button.parentElement);
  let to = null;
  if (down) {
    for (let index = rows.indexOf(row) + down; rows[index] && !to; index += down) to = rows[index].children[column].querySelector(".cell");
  } else {
    const cells = [...row.querySelectorAll(".cell")];
    to = cells[Math.max(0, Math.min(cells.length - 1, cells.indexOf(button) + right))];
  }
  if (!to) return;
  button.tabIndex = -1;
  to.tabIndex = 0;
  to.focus();
}
function verdictToggle(verdict, label, amount) {
  const button = h("button", { class: "toggle", type: "button", "aria-pressed": String(filter.verdicts.has(verdict)) },
                   h("span", { class: "swatch " + verdict }), `${label} ${amount}`);
  button.addEventListener("click", () => {
    filter.verdicts.has(verdict) ? filter.verdicts.delete(verdict) : filter.verdicts.add(verdict);
    button.setAttribute("aria-pressed", String(filter.verdicts.has(verdict)));
    drawTable();
  });
  return button;
}
function clientPick() {
  const boxes = data.clients.map((client) => {
    const box = h("input", { type: "checkbox", onchange: (event) => { event.target.checked ? filter.clients.add(client.name) : filter.clients.delete(client.name); drawTable(); } });
    box.checked = filter.clients.has(client.name);
    return { client, box, label: h("label", {}, box, `${client.name} `, h("span", { class: "quiet" }, client.version || "absent")) };
  });
  const set = (on) => () => { for (const { client, box } of boxes) { box.checked = on; on ? filter.clients.add(client.name) : filter.clients.delete(client.name); } drawTable(); };
  return h("details", { class: "pick" }, h("summary", { class: "toggle" }, "Clients ▾"),
           h("div", {}, h("span", {}, h("button", { type: "button", class: "plain", onclick: set(true) }, "All"), " ", h("button", { type: "button", class: "plain", onclick: set(false) }, "None")),
             boxes.map((each) => each.label)));
}
function matrixView() {
  const known = allCells.filter((cell) => cell.known).length;
  const families = uniq(data.scenarios.map((scenario) => scenario.family));
  let wait = 0;
  const search = h("input", { type: "search", placeholder: "Scenario, cause or client's words", "aria-label": "Scenario, cause or client's words", value: filter.text,
                              oninput: (event) => { filter.text = event.target.value; clearTimeout(wait); wait = setTimeout(drawTable, 150); } });
  const family = h("select", { "aria-label": "Family", onchange: (event) => { filter.family = event.target.value; closed.delete(filter.family); drawTable(); } },
                   h("option", { value: "" }, "All families"), families.map((each) => h("option", { value: each, selected: each === filter.family }, each)));
  const differ = h("input", { type: "checkbox", onchange: (event) => { filter.differ = event.target.checked; drawTable(); } });
  differ.checked = filter.differ;
  MAIN.replaceChildren(
    h("div", { class: "tools" }, search, family, clientPick(),
      VERDICTS.map((verdict) => verdictToggle(verdict, verdict, allCells.filter((cell) => cell.verdict === verdict && !cell.known).length)),
      known ? verdictToggle("known", "as in the baseline", known) : null,
      h("label", {}, differ, "only where clients end differently")),
    h("div", { class: "frame", tabindex: "-1" }));
  drawTable();
}

// ---- a cell
function ladder(seen) {
  const step = (line) => {
    const from = line.startsWith(">") ? "client" : line.startsWith("<") ? "server" : "pause";
    return h("li", { class: "step " + from }, h("span", {}, (from === "pause" ? line : `${from}: ${line.slice(2)}`)), h("i", { "aria-hidden": "true" }));
  };
  return h("ol", { class: "ladder" }, h("li", { class: "ends", "aria-hidden": "true" }, h("span", {}, "client"), h("span", {}, "server")), seen.wire.map(step));
}
function shellWord(word) { return /^[\w@%+=:,.\/-]+$/.test(word) ? word : "'" + word.replaceAll("'", "'\\''") + "'"; }
function commandText(seen) {
  return seen.words.map((word, index) => index < seen.variables ? word.replace(/=.*/s, "=") + shellWord(word.replace(/^[^=]*=/, "")) : shellWord(word)).join(" ");
}
function section(title, ...content) { return h("section", {}, h("h3", {}, title), content); }
function diagnosis(seen) {
  if (!seen.findings.length) return null;
  return section("Diagnosis", h("ul", {}, seen.findings.map((finding) =>
    h("li", {}, h("a", { href: go("causes", finding.cause) }, finding.cause), ` (${finding.confidence})`, finding.because.length ? ": " + finding.because.join("; ") : ""))),
    seen.first.length > 1 ? h("p", { class: "quiet" }, `This evidence cannot tell apart: ${seen.first.join(", ")}.`) : null,
    seen.test ? [h("p", {}, "The test that decides:"), h("pre", {}, seen.test)] : null);
}
function cellBody(cell) {
  const { scenario, seen } = cell;
  const parts = [h("p", {}, scenario.title, " ", h("a", { href: go("causes", scenario.cause) }, scenario.cause))];
  if (cell.why.length) parts.push(section(cell.verdict === "skip" ? "Skipped because" : "Not as expected", h("ul", {}, cell.why.map((why) => h("li", {}, why)))));
  if (seen) {
    parts.push(section("The client says", h("pre", {}, seen.says || seen.errors || "(nothing)"),
                       h("p", { class: "quiet" }, `Read as ${seen.symptom}; exit status ${seen.exit}.` + (seen.says ? "" : " No text that its library's lexicon knows."))));
    parts.push(section("On the wire", h("p", {}, seen.outcome || "Nothing."), seen.connections > 1 ? h("p", { class: "quiet" }, `Connection ${seen.connection} of ${seen.connections}.`) : null,
                       seen.wire.length ? ladder(seen) : null, seen.also.length ? h("p", { class: "quiet" }, "Further connections: " + seen.also.join("; ") + ".") : null));
    parts.push(diagnosis(seen));
    if (scenario.fix || seen.fix) parts.push(section("Fix", h("p", {}, scenario.fix), seen.fix ? h("p", { class: "quiet" }, `With it this client reports: ${seen.fix}.`) : null));
  }
  if (cell.expected) parts.push(section("Expected", h("p", {}, cell.expected), h("p", { class: "quiet" }, cell.at),
                                        cell.because.length ? h("ul", {}, cell.because.map((each) => h("li", {}, each))) : null));
  if (scenario.lesson) parts.push(section("What it teaches", h("p", {}, scenario.lesson)));
  if (seen && seen.words.length) parts.push(section("Command", h("pre", {}, commandText(seen))));
  parts.push(section("The other clients here", h("ul", {}, scenario.cells.filter((other) => other !== cell).map((other) =>
    h("li", {}, cellLink(other, other.client.name), " ", h("span", { class: "badge " + looks(other) }, other.word), " ", h("span", { class: "words" }, other.seen ? other.seen.says : ""))))));
  return parts.filter(Boolean);
}
function showCell(cell) {
  const dialog = document.getElementById("cell");
  dialog.replaceChildren(
    h("div", { class: "dialog-head" }, h("div", {}, h("h2", { id: "cell-title" }, `${cell.scenario.name} with ${cell.client.name}`),
        h("p", {}, h("span", { class: "badge " + looks(cell) }, `${cell.verdict}${cell.known ? ", as in the baseline" : ""}: ${cell.word}`), " ",
          h("span", { class: "quiet" }, `${cell.client.title} ${cell.client.version} (${cell.client.library}) · ${cell.ms} ms`))),
      h("form", { method: "dialog" }, h("button", { class: "plain", "aria-label": "Close" }, "✕"))),
    h("div", { class: "dialog-body" }, cellBody(cell)));
  if (!dialog.open) dialog.showModal();
  dialog.scrollTop = 0;
}

// ---- Rosetta
function wordsTable(cells, deep) {
  const rows = [];
  for (const [client, own] of group(cells, (cell) => cell.client)) {
    const texts = [...group(own, (cell) => (cell.seen.steady || (cell.seen.errors ? "(no known text) " + cell.seen.errors : "")) + "\0" + cell.seen.symptom)].sort((a, b) => b[1].length - a[1].length);
    for (const [index, [key, list]] of texts.entries()) {
      const [words, symptom] = key.split("\0");
      rows.push(h("tr", {}, index === 0 ? h("th", { scope: "rowgroup", rowspan: texts.length }, client.name, h("br"), h("span", { class: "quiet" }, client.version)) : null,
                  h("td", {}, h("span", { class: "words" }, words || "(it says nothing)")), h("td", { "data-label": "read as" }, symptom),
                  h("td", {}, list.slice(0, deep).map((cell) => h("div", {}, cellLink(cell, cell.scenario.name))), list.length > deep ? h("span", { class: "quiet" }, `and ${list.length - deep} more`) : null)));
    }
  }
  return h("table", { class: "list stack" }, h("thead", {}, h("tr", {}, ["client", "its words", "read as", "where"].map((each) => h("th", { scope: "col" }, each)))), h("tbody", {}, rows));
}
const spoken = allCells.filter((cell) => cell.seen && !cell.accepts && cell.seen.symptom !== "connected");
function causesView(wanted) {
  const byCause = new Map([...group(spoken.filter((cell) => cell.scenario.cause !== "none"), (cell) => cell.scenario.cause)].sort());
  const chosen = byCause.has(wanted) ? wanted : byCause.keys().next().value;
  const index = h("nav", { class: "index", "aria-label": "Causes", style: "display:block;margin:0" },
                  [...byCause].map(([cause, cells]) => h("a", { href: go("causes", cause), "aria-current": cause === chosen ? "true" : null }, cause, h("span", { class: "quiet" }, String(uniq(cells.map((cell) => cell.scenario)).length)))));
  const content = !chosen ? h("p", {}, "Nothing failed in this run.")
    : h("div", { style: "min-width:0" }, h("h2", {}, chosen), h("p", { class: "quiet" }, `What each client says where this is the cause, as seen in this run. "alert40-check explain ${chosen}" has the page of the cause.`),
        wordsTable(byCause.get(chosen), 2));
  if (wanted && !byCause.has(wanted)) content.prepend(h("p", { class: "quiet" }, `No scenario of this run has the cause ${wanted}.`));
  MAIN.replaceChildren(h("div", { class: "two" }, index, content));
  const current = index.querySelector("[aria-current]");
  if (current) index.scrollTop = current.offsetTop - index.offsetTop - 60;
}
let textSearch = "";
function textsView() {
  const result = h("div", {});
  const byText = [...group(spoken.filter((cell) => cell.seen.steady), (cell) => cell.seen.steady)]
    .map(([words, cells]) => ({ words, cells, causes: [...group(cells, (cell) => cell.scenario.cause)].sort((a, b) => b[1].length - a[1].length) }))
    .sort((a, b) => b.causes.length - a.causes.length || b.cells.length - a.cells.length);
  const draw = () => {
    const wanted = textSearch.toLowerCase();
    const found = byText.filter((each) => !wanted || each.words.toLowerCase().includes(wanted));
    result.replaceChildren(h("p", { class: "quiet" }, `${found.length} texts${found.length > 100 ? ", the first 100 of them" : ""}; those with the most causes first.`),
      ...found.slice(0, 100).map((each) => h("article", { class: "card" }, h("p", { class: "words" }, each.words),
        h("p", { class: "quiet" }, `${uniq(each.cells.map((cell) => cell.client.name)).join(", ")} · read as ${uniq(each.cells.map((cell) => cell.seen.symptom)).join(" / ")}`),
        h("ul", {}, each.causes.map(([cause, cells]) => h("li", {}, h("a", { href: go("causes", cause) }, cause), ` in ${uniq(cells.map((cell) => cell.scenario)).length}, e.g. `, cellLink(cells[0], cells[0].scenario.name)))))));
  };
  let wait = 0;
  const search = h("input", { type: "search", value: textSearch, placeholder: "Paste the text of a ticket", "aria-label": "Paste the text of a ticket",
                              oninput: (event) => { textSearch = event.target.value; clearTimeout(wait); wait = setTimeout(draw, 150); } });
  MAIN.replaceChildren(h("div", { class: "tools" }, search), result);
  draw();
}

// ---- clients and changes
function clientsView() {
  const byClient = group(allCells, (cell) => cell.client);
  const rows = data.clients.map((client) => {
    const cells = byClient.get(client) || [];
    const number = (label, fits) => h("td", { class: "number", "data-label": label }, String(cells.filter(fits).length));
    return h("tr", {}, h("th", { scope: "row" }, client.name), h("td", {}, client.title), h("td", {}, client.absent || client.version), h("td", {}, client.library),
             VERDICTS.map((verdict) => number(verdict, (cell) => cell.verdict === verdict)), number("exceptions", (cell) => cell.because.length > 0), number("accepts", (cell) => cell.accepts));
  });
  MAIN.replaceChildren(h("table", { class: "list stack" }, h("thead", {}, h("tr", {}, ["client", "", "version", "library", ...VERDICTS, "exceptions", "accepts"].map((each) => h("th", { scope: "col" }, each)))), h("tbody", {}, rows)));
}
function changesView() {
  const { since } = data;
  const alike = [...group(since.changes, (change) => [change.kind, change.client, change.before, change.now].join("\0")).values()];
  const link = (change) => { const scenario = data.scenarios.find((each) => each.name === change.scenario); const cell = scenario && scenario.byClient.get(change.client); return cell ? cellLink(cell, change.scenario) : change.scenario; };
  const rows = alike.map((list) => { const change = list[0]; return h("tr", {},
    h("td", {}, h("span", { class: "badge " + (change.counts ? "fail" : "skip") }, change.kind)), h("td", {}, change.client),
    h("td", {}, link(change), list.length > 1 ? h("span", { class: "quiet" }, ` and ${list.length - 1} more`) : null),
    h("td", { class: "words", "data-label": "was" }, change.before), h("td", { class: "words", "data-label": "now" }, change.now)); });
  MAIN.replaceChildren(h("p", {}, `Since ${since.baseline}${since.started ? " of " + since.started : ""}: ${since.changes.length} changes, of which ${since.changes.filter((change) => change.counts).length} count (in red); ${since.known} cells fail as they did.`),
    h("table", { class: "list stack" }, h("thead", {}, h("tr", {}, ["change", "client", "scenario", "was", "now"].map((each) => h("th", { scope: "col" }, each)))), h("tbody", {}, rows)));
}

// ---- where we are is in the address, so that a cell can be sent to somebody
const DRAW = { matrix: matrixView, causes: causesView, texts: textsView, clients: clientsView, changes: changesView };
let shown = "";
function route() {
  const [view, ...parts] = location.hash.replace(/^#\/?/, "").split("/").map((part) => { try { return decodeURIComponent(part); } catch { return part; } });
  const dialog = document.getElementById("cell");
  if (view === "cell") {
    if (!shown) show("matrix", []);
    const scenario = data.scenarios.find((each) => each.name === parts[0]);
    const cell = scenario && scenario.byClient.get(parts[1]);
    if (cell) showCell(cell);
    return;
  }
  if (dialog.open) dialog.close();
  const wanted = DRAW[view] && (view !== "changes" || data.since) ? view : VIEWS[0][0];
  if (shown !== [wanted, ...parts].join("/")) show(wanted, parts);
}
function show(view, parts) {
  shown = [view, ...parts].join("/");
  document.getElementById("views").replaceChildren(...VIEWS.map(([name, label]) => h("a", { href: go(name), "aria-current": name === view ? "page" : null }, label)));
  DRAW[view](...parts);
}
document.getElementById("cell").addEventListener("close", () => { if (location.hash.startsWith("#/cell/")) history.replaceState(null, "", "#/" + shown.split("/").map(encodeURIComponent).join("/")); });
document.getElementById("cell").addEventListener("click", (event) => { if (event.target === event.currentTarget) event.currentTarget.close(); });
addEventListener("keydown", (event) => {
  if (event.key !== "/" || event.target.matches("input, select, textarea")) return;
  const search = document.querySelector("input[type=search]");
  if (search) { event.preventDefault(); search.focus(); }
});
addEventListener("hashchange", route);
head();
route();
