// The widgets follow the book's light or dark theme, and the theme's own buttons get right names.
(() => {
  const root = document.documentElement;
  const follow = () => {
    root.dataset.jpThemeLight = String(root.dataset.theme !== "dark");
  };
  follow();
  addEventListener("DOMContentLoaded", () => {
    for (const summary of document.querySelectorAll("nav li > details > summary")) {
      const name = summary.closest("li").querySelector("a").textContent.trim();
      summary.setAttribute("aria-label", `pages of ${name}`);
    }
    // Its label "Search" leaves out the keys that are written beside the word.
    for (const button of document.querySelectorAll(".search-button-field")) {
      button.removeAttribute("aria-label");
    }
  });
  new MutationObserver(follow).observe(root, { attributeFilter: ["data-theme"] });
})();
