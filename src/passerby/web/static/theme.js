// Sets light or dark before the first paint, and lets the viewer switch; a plain script, so that nothing flashes.
(() => {
  const KEY = "passerby.theme";
  const root = document.documentElement;
  const stored = () => {
    try {
      return localStorage.getItem(KEY);
    } catch {
      return null; // storage is forbidden: the choice lasts as long as the page
    }
  };
  const show = (theme) => (root.dataset.theme = ["light", "dark"].includes(theme) ? theme : "auto");

  show(stored());
  document.addEventListener("DOMContentLoaded", () => {
    const switches = document.getElementById("theme");
    switches.querySelector(`[value="${root.dataset.theme}"]`).checked = true;
    switches.addEventListener("change", ({ target }) => {
      show(target.value);
      try {
        localStorage.setItem(KEY, target.value);
      } catch {
        // see above
      }
    });
  });
})();
