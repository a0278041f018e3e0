// The first page: lists the inbox and follows it. All that a message says is put in as text, never as markup.
"use strict";

const api = "api/v1/messages";
const pageSize = 50;

// The list is asked for again this often; the wait endpoint answers with what is there already, so it cannot tell of news.
const pollMilliseconds = 2000;

const element = id => document.getElementById(id);
const rows = document.querySelector("#messages tbody");
const timeOfToday = new Intl.DateTimeFormat(undefined, { timeStyle: "medium" });
const timeOfAnotherDay = new Intl.DateTimeFormat(undefined, { dateStyle: "short", timeStyle: "short" });
const exactTime = new Intl.DateTimeFormat(undefined, { dateStyle: "full", timeStyle: "long" });

let shown = pageSize;
let timer = 0;
let lastKey = "";

async function load() {
  const messages = [];
  let after = null;
  do {
    const limit = Math.min(shown - messages.length, 500);
    const query = new URLSearchParams(after === null ? { limit } : { limit, after });
    const response = await fetch(`${api}?${query}`);
    if (!response.ok) {
      throw new Error(await problem(response));
    }
    const page = await response.json();
    messages.push(...page.messages);
    after = page.next;
  } while (after !== null && messages.length < shown);
  return { messages, hasMore: after !== null };
}

async function problem(response) {
  const body = await response.json().catch(() => ({}));
  return body.detail ?? `${response.status} ${response.statusText}`;
}

async function refresh() {
  clearTimeout(timer);
  try {
    const { messages, hasMore } = await load();
    show(messages, hasMore);
    status(messages.length === 0 ? "" : `${messages.length}${hasMore ? "+" : ""} message${messages.length === 1 ? "" : "s"}`, false);
  } catch (error) {
    status(`Not connected: ${error.message}`, true);
  }
  if (!document.hidden) {
    timer = setTimeout(refresh, pollMilliseconds);
  }
}

function status(text, isBad) {
  const target = element("status");
  if (target.textContent !== text) {
    target.textContent = text;
  }
  target.classList.toggle("bad", isBad);
}

function show(messages, hasMore) {
  element("empty").hidden = messages.length > 0;
  element("messages").hidden = messages.length === 0;
  element("delete-all").hidden = messages.length === 0;
  element("more").hidden = !hasMore;
  document.title = messages.length === 0 ? "Ehlo inbox" : `(${messages.length}${hasMore ? "+" : ""}) Ehlo inbox`;
  const key = messages.map(message => message.id).join();
  if (key === lastKey) {
    return; // Rows that stay keep the reader's selection and focus.
  }
  lastKey = key;
  rows.replaceChildren(...messages.map(row));
}

function row(message) {
  const { envelope } = message;
  const at = new Date(message.receivedAt);
  const address = `${api}/${encodeURIComponent(message.id)}`;
  const line = document.createElement("tr");
  line.append(
    cell("when", received(at), exactTime.format(at)),
    cell("", envelope.from === "" ? "<>" : envelope.from),
    cell("", envelope.to.join(", ")),
    cell("subject", message.subject === "" ? "(no subject)" : message.subject),
    cell("number", size(message.size)),
    actions(address, message));
  return line;
}

function received(at) {
  const isToday = at.toDateString() === new Date().toDateString();
  return (isToday ? timeOfToday : timeOfAnotherDay).format(at);
}

function cell(className, text, title = text) {
  const data = document.createElement("td");
  data.className = className;
  // Isolated, so that right-to-left text in one cell cannot turn what stands beside it.
  const isolated = document.createElement("bdi");
  isolated.textContent = text;
  data.append(isolated);
  data.title = title;
  return data;
}

function actions(address, message) {
  const data = document.createElement("td");
  data.className = "actions";
  const remove = document.createElement("button");
  remove.type = "button";
  remove.textContent = "\u00d7";
  remove.title = "Delete";
  remove.setAttribute("aria-label", `Delete the message "${message.subject}"`);
  remove.addEventListener("click", () => erase(address));
  data.append(
    link(address, "json", "All that is known of the message, with its dialogue"),
    link(`${address}/eml`, "eml", "The message as a file, with its trace fields"),
    link(`${address}/content`, "raw", "The content, octet for octet as received"),
    remove);
  return data;
}

function link(address, text, title) {
  const anchor = document.createElement("a");
  anchor.href = address;
  anchor.textContent = text;
  anchor.title = title;
  return anchor;
}

function size(octets) {
  const units = ["B", "KiB", "MiB", "GiB"];
  let unit = 0;
  while (octets >= 1024 && unit < units.length - 1) {
    octets /= 1024;
    unit++;
  }
  return `${unit === 0 ? octets : octets.toFixed(1)} ${units[unit]}`;
}

async function erase(address) {
  const response = await fetch(address, { method: "DELETE" });
  if (!response.ok && response.status !== 404) {
    status(await problem(response), true);
    return;
  }
  await refresh();
}

element("delete-all").addEventListener("click", () => {
  if (confirm("Delete all messages for good?")) {
    erase(api);
  }
});

element("more").addEventListener("click", () => {
  shown += pageSize;
  refresh();
});

// A page that nobody sees asks for nothing.
document.addEventListener("visibilitychange", () => document.hidden ? clearTimeout(timer) : refresh());

refresh();
