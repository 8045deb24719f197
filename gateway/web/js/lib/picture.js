// Pictures on their way to the server: turned upright, made as large as a tablet shows them, and without what a camera
// notes beside them.
const LONGEST = 2000; // pixels
const ENOUGH = 1500000; // bytes

/**
 * A picture that fits, as a File; a PDF, and what this browser cannot read, stays as it is.
 * @param {File} file
 * @returns {Promise<File>}
 */
export async function fit(file) {
  if (!file.type.startsWith("image/")) return file;
  let picture;
  try {
    picture = await createImageBitmap(file, { imageOrientation: "from-image" });
  } catch {
    return file; // the server says what is wrong with it
  }
  const scale = Math.min(1, LONGEST / Math.max(picture.width, picture.height));
  // A photo carries where and with what it was taken: always drawn anew. A screenshot does not.
  if (scale === 1 && ["image/png", "image/webp"].includes(file.type) && file.size <= ENOUGH) return file;
  const canvas = Object.assign(document.createElement("canvas"), {
    width: Math.round(picture.width * scale),
    height: Math.round(picture.height * scale),
  });
  const pen = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  pen.fillStyle = "#fff";
  pen.fillRect(0, 0, canvas.width, canvas.height);
  pen.drawImage(picture, 0, 0, canvas.width, canvas.height);
  const drawn = await new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.86));
  return new File([drawn], file.name.replace(/\.\w+$/, ".jpg"), { type: "image/jpeg" });
}
