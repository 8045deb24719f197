// Pictures that the API keeps: asked for with the session's token, which an <img> cannot send, and shown from memory.
import { useEffect, useState } from "/js/lib/html.js";
import { token } from "/js/lib/api.js";

const known = new Map();

async function read(id) {
  const response = await fetch(`/api/v1/orders/media/${id}`, { headers: { Authorization: `Bearer ${token.value}` } });
  if (!response.ok) throw new Error(String(response.status));
  return URL.createObjectURL(await response.blob());
}

/** The address of a picture by its media id, once it is there; null without one. */
export function usePicture(id) {
  const [address, setAddress] = useState(null);
  useEffect(() => {
    let current = true;
    setAddress(null);
    if (!id) return undefined;
    if (!known.has(id)) known.set(id, read(id).catch(() => (known.delete(id), null)));
    known.get(id).then((found) => current && setAddress(found));
    return () => (current = false);
  }, [id]);
  return address;
}
