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
  keepDraft(text, id) {
    if (!id) return;
    if (text) localStorage.setItem("draft:" + id, text);
    else localStorage.removeItem("draft:" + id);
  },
  draft(id) {
    return (id && localStorage.getItem("draft:" + id)) || "";
  },
};
