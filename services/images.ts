/**
 * The pictures that a product can have, as URL paths of the storefront. `services/frontend/assets/images/` has the files.
 * This file imports nothing, because product-service and the storefront both read it.
 */
export const productImages = [
  '/images/laptop-pro.svg',
  '/images/smartphone-x.svg',
  '/images/casque-sans-fil.svg',
  '/images/tablette-pro.svg',
  '/images/montre-connectee.svg',
  '/images/appareil-photo.svg',
  '/images/enceinte-bluetooth.svg',
  '/images/clavier-mecanique.svg',
  '/images/souris-gaming.svg',
  '/images/webcam-hd.svg',
] as const

export type ProductImage = (typeof productImages)[number]
