// Shows what an offer comes to while its fields change. Without it, the button beside them does the same.
(() => {
  const form = document.getElementById("offer");
  if (!form) return;
  let waiting;
  let latest = 0;
  const show = async () => {
    const turn = ++latest;
    const fields = new FormData(form);
    const answer = await fetch(form.dataset.preview, {
      method: "POST",
      body: fields,
      headers: { "X-CSRFToken": fields.get("csrf_token") },
    });
    if (!answer.ok || turn !== latest) return;
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    for (const part of fresh.querySelectorAll("[data-part]"))
      document.getElementById(part.dataset.part).replaceChildren(...part.childNodes);
  };
  form.addEventListener("input", (event) => {
    if (event.target.name === "letter") return;
    clearTimeout(waiting);
    waiting = setTimeout(() => show().catch(() => {}), 400);
  });
})();
