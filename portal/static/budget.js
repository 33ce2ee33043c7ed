// Shows what is left over while a budget is typed. The page works without it; the server reads the figures itself.
(() => {
  const form = document.getElementById("budget");
  const output = document.getElementById("left-over");
  const decimals = Number(form.dataset.decimals);
  const read = (text) => {
    const plain = text.normalize("NFKC").replace(/[٠-٩]/g, (d) => d.charCodeAt(0) - 1632)
      .replace(/[۰-۹]/g, (d) => d.charCodeAt(0) - 1776).trim();
    if (plain === "") return 0;
    return /^(\d{1,3}(,\d{3})+|\d+)(\.\d{0,2})?$/.test(plain) ? Number(plain.replace(/,/g, "")) : NaN;
  };
  const times = { month: 1, two_weeks: 26 / 12, week: 52 / 12, day: 365 / 12 };
  const total = (id) =>
    [...document.querySelectorAll(`#${id} input`)].reduce((sum, input) => sum + read(input.value), 0);
  const show = () => {
    const left = (total("money-in") - total("money-out")) * times[form.elements.per.value];
    output.closest("p").hidden = Number.isNaN(left);
    if (Number.isNaN(left)) return;
    const figure = Math.abs(left).toLocaleString("en", { minimumFractionDigits: decimals, maximumFractionDigits: decimals });
    output.firstElementChild.textContent = (left < 0 ? "−" : "") + form.dataset.sign + figure;
  };
  form.addEventListener("input", show);
})();
