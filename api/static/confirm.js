// Forms that cannot be taken back ask first.
export function watchConfirm() {
  document.addEventListener("submit", (event) => {
    const question = event.target.dataset?.confirm;
    if (question && !confirm(question)) event.preventDefault();
  });
}
