/** The text of the QR code in a picture; throws when there is none. */
export default function decode(image: { width: number; height: number; data: Uint8ClampedArray }): string;
