// Sets a password by the key that stands behind # in this page's address. The key leaves the browser in the body of one
// request only: no address, no header and no log has it.

const SIGN_OUT = "v1/sign-ins/current";
const PATIENCE = 60_000; // milliseconds
const LINK = "/link"; // where the server tells that a key is of no use

const parts = document.querySelectorAll("[data-part]");
const main = document.querySelector("main");
const otherLanguage = document.querySelector("nav a[hreflang]");
const own = { "Accept-Language": document.documentElement.lang };

let key = "";

function show(...names) {
  for (const part of parts) part.hidden = !names.includes(part.dataset.part);
}

function moveTo(name) {
  document.querySelector(`[data-part="${name}"]`).focus();
}

function begin() {
  key = location.hash.slice(1);
  otherLanguage.hash = location.hash; // the other language is for the same link
  if (key) show("set");
  else show("keyless", "ask");
}

function drawn() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

// The answer, or null when there was none that this server would give.
async function post(form, name, content) {
  const patience = new AbortController();
  const end = setTimeout(() => patience.abort(), PATIENCE);
  try {
    const answer = await fetch(form.dataset.address, {
      method: "POST",
      headers: { ...own, "Content-Type": "application/json", "Idempotency-Key": name },
      body: JSON.stringify(content),
      credentials: "omit",
      redirect: "error",
      signal: patience.signal,
    });
    const text = await answer.text();
    const body = text ? JSON.parse(text) : null;
    return answer.ok || body?.detail ? { succeeded: answer.ok, body } : null;
  } catch {
    return null;
  } finally {
    clearTimeout(end);
  }
}

// A form with one field: sends it, and says beside the field, or below the form, what is wrong.
function install(form, { content, succeed, fail = () => false }) {
  const field = form.querySelector("[name]");
  const fault = document.getElementById(`${field.name}-fault`);
  const alert = form.querySelector("[role=alert]");
  const status = form.querySelector("[role=status]");
  const button = form.querySelector("button");
  let name = drawn(); // of what is asked for: sent again, by two clicks or after a lost answer, it is done once
  let isBusy = false;

  function tell(problem) {
    const errors = problem?.errors ?? [];
    const beside = errors.filter((error) => error.pointer === `/${field.name}`);
    const others = errors.filter((error) => !beside.includes(error)).map((error) => error.detail);
    fault.textContent = beside.map((error) => error.detail).join(" ");
    field.setAttribute("aria-invalid", String(beside.length > 0));
    alert.textContent = others.join(" ") || (beside.length ? "" : (problem?.detail ?? form.dataset.unanswered));
    if (beside.length) field.focus();
  }

  function busy(is) {
    isBusy = is;
    status.textContent = is ? form.dataset.sending : "";
    button.setAttribute("aria-disabled", String(is)); // a disabled button would lose the focus
    if (!is) return;
    fault.textContent = alert.textContent = "";
    field.removeAttribute("aria-invalid");
  }

  field.addEventListener("input", () => {
    name = drawn();
  });
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (isBusy) return;
    busy(true);
    const answer = await post(form, name, content(field.value));
    busy(false);
    if (answer?.succeeded) {
      field.value = "";
      succeed(answer.body);
    } else if (!fail(answer?.body)) {
      tell(answer?.body);
    }
  });
}

// Whoever accepts an invitation is signed in by the server, for portals that go on from there. This page does not: it
// shows nothing for which one must be signed in, and a key it kept could be taken from it. So it ends that sign-in at
// once. If that fails, nobody has its keys, and the access key dies within minutes.
function signOut(accessKey) {
  const headers = { ...own, Authorization: `Bearer ${accessKey}` };
  fetch(SIGN_OUT, { method: "DELETE", headers, credentials: "omit", keepalive: true }).catch(() => {});
}

function finish(issued) {
  history.replaceState(null, "", location.pathname + location.search); // the key is used up
  key = otherLanguage.hash = "";
  if (issued) {
    document.getElementById("own-login").textContent = issued.person.login;
    signOut(issued.access_key);
  }
  show("done");
  moveTo("done");
}

function tellDead(problem) {
  const dead = problem?.errors?.find((error) => error.pointer === LINK);
  if (!dead) return false;
  document.getElementById("dead-fault").textContent = dead.detail;
  show("dead", "ask");
  moveTo("dead");
  return true;
}

install(document.getElementById("set"), {
  content: (password) => ({ link: key, password }),
  succeed: finish,
  fail: tellDead,
});

const ask = document.getElementById("ask");
if (ask) {
  install(ask, {
    content: (login) => ({ login }),
    succeed: () => {
      show("asked");
      moveTo("asked");
    },
  });
}

const password = document.getElementById("password");
document.getElementById("show").addEventListener("change", (event) => {
  password.type = event.target.checked ? "text" : "password";
});

// the link past the navigation would put its own name where the key stands
document.querySelector(".skip").addEventListener("click", (event) => {
  event.preventDefault();
  main.focus();
});

window.addEventListener("hashchange", begin); // another link was opened in the same tab
begin();
