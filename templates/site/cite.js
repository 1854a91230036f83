// The button that copies a citation. Where there is no JavaScript, the file beside it does the same.
"use strict";

(() => {
  const button = document.getElementById("cite");
  const citation = document.getElementById("citation");
  const said = document.getElementById("cited");

  const copy = async () => {
    try {
      await navigator.clipboard.writeText(citation.textContent);
      return true;
    } catch {
      // Browsers have no clipboard for pages that came over plain HTTP; what is marked can be copied there, too.
      getSelection().selectAllChildren(citation);
      return document.execCommand("copy");
    }
  };

  button.hidden = false;
  button.addEventListener("click", async () => {
    said.textContent = "";
    said.textContent = (await copy()) ? button.dataset.done : button.dataset.failed;
  });
})();
