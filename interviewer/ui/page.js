// Keeps the session's id in the address and the unsent answer in the browser, so that a reload loses nothing.
window.interviewerPage = {
  address(id) {
    const url = new URL(window.location);
    if (id) url.searchParams.set("session", id);
    else url.searchParams.delete("session");
    history.replaceState(null, "", url);
  },
  showLatest() {
    // A plot takes its height after the chat has scrolled.
    for (const wait of [300, 1200]) {
      setTimeout(() => {
        for (const chat of document.querySelectorAll(".room .chat .bubble-wrap")) {
          chat.scrollTop = chat.scrollHeight;
        }
      }, wait);
    }
  },
  // A link "#contest/question/kind/id" or "#report/question" of a scorecard asks for a form.
  ask(link) {
    const [form, ...path] = link.getAttribute("href").slice(1).split("/");
    const box = link.closest(".scorecard").querySelector(`.ask-${form} textarea, .ask-${form} input`);
    box.value = `${path.join("/")} ${Date.now()}`;
    box.dispatchEvent(new Event("input", { bubbles: true }));
  },
  showForm(name) {
    setTimeout(() => {
      const form = [...document.querySelectorAll(`.${name}`)].find((f) => f.offsetParent);
      form?.scrollIntoView({ block: "center" });
      form?.querySelector("textarea")?.focus({ preventScroll: true });
    }, 100);
  },
  showViews() {
    setTimeout(() => {
      const forms = [...document.querySelectorAll(".contest-form")];
      if (forms.some((f) => f.offsetParent)) return; // still open: something is wrong with it
      const asked = [...document.querySelectorAll(".ask-contest textarea, .ask-contest input")];
      const paths = asked.map((box) => box.value.split(" ")[0]);
      const views = [...document.querySelectorAll(".scorecard .views")];
      views.find((v) => v.offsetParent && paths.some((path) => v.classList.contains(path)))?.scrollIntoView({ block: "center" });
    }, 300);
  },
  keepDraft(text, id) {
    if (!id) return;
    if (text) localStorage.setItem("draft:" + id, text);
    else localStorage.removeItem("draft:" + id);
  },
  draft(id) {
    return (id && localStorage.getItem("draft:" + id)) || "";
  },
};
document.addEventListener("click", (event) => {
  const link = event.target.closest?.('.scorecard a[href^="#contest/"], .scorecard a[href^="#report/"]');
  if (!link) return;
  event.preventDefault();
  window.interviewerPage.ask(link);
});
