// A scanner types as the keyboard is set: under a Korean input method its Latin letters come as Hangul. The keys behind
// them, as the server reads labels (KS X 5002). Pure.

const LEADING = "r R s e E f a q Q t T d w W c z x v g".split(" ");
const VOWELS = "k o i O j p u P h hk ho hl y n nj np nl b m ml l".split(" ");
const TRAILING = " r R rt s sw sg e f fr fa fq ft fx fv fg a q qt t T d w c z x v g".split(" ");
const CONSONANTS = "r R rt s sw sg e E f fr fa fq ft fx fv fg a q Q qt t T d w W c z x v g".split(" ");
const [FIRST_SYLLABLE, LAST_SYLLABLE, FIRST_LETTER] = [0xac00, 0xd7a3, 0x3131];

/** @param {string} letter */
function keys(letter) {
  const point = letter.codePointAt(0) ?? 0;
  if (point < FIRST_SYLLABLE || point > LAST_SYLLABLE)
    return [...CONSONANTS, ...VOWELS][point - FIRST_LETTER] ?? letter;
  const index = point - FIRST_SYLLABLE;
  const rest = index % (VOWELS.length * TRAILING.length);
  return (
    LEADING[Math.floor(index / (VOWELS.length * TRAILING.length))] +
    VOWELS[Math.floor(rest / TRAILING.length)] +
    TRAILING[rest % TRAILING.length]
  );
}

/**
 * The Latin keys that were struck for a text; Shift is lost where a letter has but one form.
 * @param {string} text
 */
export const latin = (text) => Array.from(text.normalize("NFC"), keys).join("");

/**
 * True when both are the same but for capitals: Caps Lock turns them around.
 * @param {string} one
 * @param {string} other
 */
export const isAlike = (one, other) => one.toLowerCase() === other.toLowerCase();

/**
 * What a label may mean: its text as it came, and the keys behind it.
 * @param {string} text
 */
export const readings = (text) => [...new Set([text.trim(), latin(text.trim())])];
