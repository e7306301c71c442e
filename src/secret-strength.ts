const sequences = [
  '0123456789',
  'abcdefghijklmnopqrstuvwxyz',
  ...['qwertyuiop', 'asdfghjkl', 'zxcvbnm', 'azertyuiop', 'qsdfghjklm', 'wxcvbn', 'qwertzuiop', 'yxcvbnm'],
].flatMap((row) => [row, [...row].reverse().join('')])

/**
 * An estimate of how many bits of a secret cannot be predicted from its earlier characters. Repetitions, runs such as `1234`
 * and rows of a keyboard count as predicted. 32 random hexadecimal digits have about 120 bits, 32 equal letters have none.
 */
export function unpredictableBits(secret: string): number {
  const text = secret.toLowerCase()
  const alphabet = new Set(secret).size
  let unpredicted = 0
  for (let at = 0; at < text.length; ) {
    const predicted = lengthOfPrediction(text, at)
    unpredicted++
    at += Math.max(1, predicted)
  }
  return unpredicted * Math.log2(Math.max(1, alphabet))
}

/** The characters from `at` that repeat earlier ones or continue a sequence; 0 for fewer than three. */
function lengthOfPrediction(text: string, at: number): number {
  let length = 3
  while (at + length <= text.length && isPredictable(text.slice(at, at + length), text.slice(0, at + length - 1)))
    length++
  return length === 3 ? 0 : length - 1
}

const isPredictable = (part: string, earlier: string): boolean =>
  earlier.includes(part) || sequences.some((sequence) => sequence.includes(part))
