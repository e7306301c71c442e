import { type Database, isUniqueViolation } from '../../src/database/database'
import { products } from './schema'
import { searchColumns } from './search-columns'

export const defaultStock = 25

/** Fills an empty catalog. A catalog with products stays unchanged. */
export async function seedCatalog(db: Database, stock: number): Promise<void> {
  const existing = await db.select({ id: products.id }).from(products).limit(1)
  if (existing.length > 0) return
  await db
    .insert(products)
    .values(
      catalog.map((product, index) => ({
        ...product,
        ...searchColumns(product),
        id: seedId(index + 1),
        image: `/images/${product.slug}.svg`,
        stock,
      })),
    )
    .catch((error: unknown) => {
      if (!isUniqueViolation(error)) throw error
    })
}

/** The id of the nth product of the catalog, counted from 1. It is the same in every installation. */
export const seedId = (n: number) => `01930000-0000-7000-8000-${String(n).padStart(12, '0')}`

const catalog = [
  {
    slug: 'laptop-pro',
    name: 'Laptop Pro',
    priceCents: 129999,
    description:
      'Un ordinateur portable taillé pour les longues journées\u00a0: écran 14 pouces lumineux, châssis en aluminium et clavier silencieux. Sa batterie tient du premier café au dernier train. Le compagnon de celles et ceux qui créent, codent ou montent.',
  },
  {
    slug: 'smartphone-x',
    name: 'Smartphone X',
    priceCents: 89999,
    description:
      'Un grand écran fluide dans un boîtier fin, et trois objectifs qui voient clair même la nuit. La recharge rapide rend une journée d’autonomie en vingt minutes. Mis à jour pendant sept ans.',
  },
  {
    slug: 'casque-sans-fil',
    name: 'Casque Sans Fil',
    priceCents: 14999,
    description:
      'Une réduction de bruit qui efface l’open space et des coussinets que l’on oublie. Trente heures d’écoute, et dix minutes de charge pour en regagner cinq. Se plie et se glisse dans son étui.',
  },
  {
    slug: 'tablette-pro',
    name: 'Tablette Pro',
    priceCents: 64999,
    description:
      'Une toile de onze pouces pour dessiner, annoter et regarder. Le stylet suit la main sans retard et se recharge sur la tranche. Plus légère qu’un cahier, plus patiente aussi.',
  },
  {
    slug: 'montre-connectee',
    name: 'Montre Connectée',
    priceCents: 24999,
    description:
      'Elle compte les pas, veille sur le sommeil et prévient sans déranger. Étanche à cinquante mètres, lisible en plein soleil. Une semaine entière entre deux charges.',
  },
  {
    slug: 'appareil-photo',
    name: 'Appareil Photo',
    priceCents: 79999,
    description:
      'Un capteur généreux, des molettes franches et un viseur qui montre l’image telle qu’elle sera. Stabilisé pour les mains qui tremblent un peu. Il donne envie de sortir.',
  },
  {
    slug: 'enceinte-bluetooth',
    name: 'Enceinte Bluetooth',
    priceCents: 8999,
    description:
      'Petite par la taille, large par le son\u00a0: des basses rondes et des voix nettes. Elle ne craint ni la pluie ni le sable. Deux enceintes s’accordent pour remplir un jardin.',
  },
  {
    slug: 'clavier-mecanique',
    name: 'Clavier Mécanique',
    priceCents: 12999,
    description:
      'Des touches au toucher franc, un châssis dense et une disposition AZERTY complète. Les interrupteurs se changent sans soudure. Vos mots n’auront jamais sonné aussi bien.',
  },
  {
    slug: 'souris-gaming',
    name: 'Souris Gaming',
    priceCents: 4999,
    description:
      'Un capteur précis, soixante grammes à peine et un câble que l’on ne sent pas. Six boutons tombent sous les doigts. Pour viser juste, au jeu comme au tableur.',
  },
  {
    slug: 'webcam-hd',
    name: 'Webcam HD',
    priceCents: 7999,
    description:
      'Une image nette et des couleurs fidèles, même à contre-jour. Deux microphones isolent la voix, et un cache protège l’intimité quand la réunion est finie. Se pose sur tous les écrans.',
  },
]
