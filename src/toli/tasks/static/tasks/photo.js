"use strict";
/* Makes a photo smaller on the phone before it is kept or sent: 200 kB instead of 5 MB on a slow line, and says so. The
   server does the same again for whoever has no JavaScript; if anything here fails, the photo goes as it is. */
(() => {
  const shrink = async (file, side) => {
    const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
    const scale = Math.min(1, side / Math.max(picture.width, picture.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(picture.width * scale);
    canvas.height = Math.round(picture.height * scale);
    canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
    const body = await new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.8));
    return body && body.size < file.size ? new File([body], "photo.jpg", { type: "image/jpeg" }) : file;
  };

  const inWords = (bytes, { kb, mb }) =>
    bytes >= 1_000_000 ? mb.replace("[n]", (bytes / 1_000_000).toFixed(1)) : kb.replace("[n]", Math.max(1, Math.round(bytes / 1000)));

  const say = (input, was) => {
    const line = input.form?.parentElement?.querySelector("[data-photo-size]");
    if (!line) return;
    const now = input.files[0].size;
    const words = now < was ? line.dataset.smaller : line.dataset.same;
    line.textContent = words.replace("[now]", inWords(now, line.dataset)).replace("[was]", inWords(was, line.dataset));
    line.hidden = false;
  };

  const make = async (input) => {
    const [file] = input.files;
    try {
      const small = await shrink(file, Number(input.dataset.smaller));
      const chosen = new DataTransfer();
      chosen.items.add(small);
      if (input.files[0] === file) input.files = chosen.files;
    } catch {
      /* The photo stays as it was chosen. */
    }
    say(input, file.size);
  };

  document.addEventListener("change", (event) => {
    const input = event.target;
    if (!input.matches("input[type=file][data-smaller]") || !input.files.length) return;
    input.toliShrinking = make(input);
  });
})();
