// Korean particles that follow the sound before them: "품목을", "코드를". Texts have both, "{name}을(를)", as only the
// filled-in value tells which. Pure.

const PAIRS = /([\p{L}\p{N}]{1,2})([^\p{L}\p{N}\s]*?)(은\(는\)|이\(가\)|을\(를\)|와\(과\)|\(으\)로)/gu;
/** After a consonant, and after a vowel. @type {Record<string, [string, string]>} */
const FORMS = {
  "은(는)": ["은", "는"],
  "이(가)": ["이", "가"],
  "을(를)": ["을", "를"],
  "와(과)": ["과", "와"],
  "(으)로": ["으로", "로"],
};
const [FIRST_SYLLABLE, LAST_SYLLABLE, FINALS, FINAL_L] = [0xac00, 0xd7a3, 28, 8];
/** Digits and letters as they are read that end in a consonant: 영 삼 육, 엠 엔; and in an ㄹ: 일 칠 팔, 엘 알. */
const CLOSED = "036MN";
const LIQUID = "178LR";
const READ_OUT = ["KG"];

/**
 * Whether what is read ends in a consonant: "closed", "liquid" (ㄹ), "open", or null where nobody knows.
 * @param {string} end
 */
function soundOf(end) {
  const letter = end.slice(-1).toUpperCase();
  const point = letter.codePointAt(0) ?? 0;
  if (point >= FIRST_SYLLABLE && point <= LAST_SYLLABLE) {
    const final = (point - FIRST_SYLLABLE) % FINALS;
    if (final === 0) return "open";
    return final === FINAL_L ? "liquid" : "closed";
  }
  if (CLOSED.includes(letter) || READ_OUT.includes(end.toUpperCase())) return "closed";
  if (LIQUID.includes(letter)) return "liquid";
  return /[0-9A-Z]/.test(letter) ? "open" : null;
}

/**
 * Whether a text leaves a particle open: what most answers do not, is looked for at once.
 * @param {string} text
 */
export const hasBoth = (text) => /\((?:는|가|를|과|으)\)/.test(text);

/**
 * A Korean text with the particles that its words ask for.
 * @param {string} text
 */
export const withParticles = (text) =>
  text.replace(PAIRS, (whole, end, between, pair) => {
    const sound = soundOf(end);
    if (!sound) return whole;
    const [closed, open] = FORMS[pair];
    const isOpen = sound === "open" || (sound === "liquid" && pair === "(으)로");
    return end + between + (isOpen ? open : closed);
  });
