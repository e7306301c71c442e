// Remembers the last viewed products in this browser alone, and shows them on the home page.
const key = 'viewed'
const maxStored = 12
const maxShown = 4

const viewed = document.querySelector('[data-viewed]')
const section = document.querySelector('[data-last-viewed]')
if (viewed) remember({ ...viewed.dataset })
if (section) show(read().slice(0, maxShown))

function remember({ slug, name, image }) {
  const others = read().filter((product) => product.slug !== slug)
  try {
    localStorage.setItem(key, JSON.stringify([{ slug, name, image }, ...others].slice(0, maxStored)))
  } catch {
    // A browser may refuse to store anything.
  }
}

function read() {
  try {
    return JSON.parse(localStorage.getItem(key) ?? '[]').filter(isProduct)
  } catch {
    return []
  }
}

// Anything can be stored under the key: an old version, or an extension.
function isProduct({ slug, name, image }) {
  return /^[\w-]{1,100}$/.test(slug) && typeof name === 'string' && /^\/images\/[\w-]+\.svg$/.test(image)
}

function show(products) {
  const template = section.querySelector('template')
  for (const { slug, name, image } of products) {
    const card = template.content.cloneNode(true)
    card.querySelector('img').src = image
    card.querySelector('a').href = `/product/${slug}`
    card.querySelector('a').textContent = name
    section.querySelector('ul').append(card)
  }
  section.hidden = products.length === 0
}
