// The button of pages that are made for paper.

const button = document.getElementById("print");
button.hidden = false;
button.addEventListener("click", () => print());
