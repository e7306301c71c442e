import { french as t } from '../typography'

export const account = {
  registerTitle: 'Créer un compte',
  registerIntro: t`Une minute, et votre panier vous suit partout.`,
  register: t`S'inscrire`,
  loginTitle: 'Se connecter',
  loginIntro: t`Heureux de vous revoir.`,
  login: 'Se connecter',
  noAccount: t`Pas encore de compte ?`,
  haveAccount: t`Déjà inscrit ?`,
  cannotSignIn: 'Impossible de se connecter',
  cannotRegister: t`L'inscription n'a pas abouti`,
  badCredentials: t`Le nom d'utilisateur ou le mot de passe est incorrect.`,
  tooMany: t`Trop d'essais. Patientez quelques minutes avant de recommencer.`,
  unavailable: t`Le service des comptes ne répond pas pour le moment. Réessayez dans un instant.`,
  checkFields: t`Corrigez les champs signalés.`,
  fields: {
    username: t`Nom d'utilisateur`,
    email: 'Adresse e-mail',
    password: 'Mot de passe',
    first_name: 'Prénom',
    last_name: 'Nom',
  },
  hints: {
    username: t`De 3 à 32 caractères : lettres, chiffres, point, tiret.`,
    password: t`8 caractères au moins.`,
  },
  wrong: {
    username: t`Choisissez de 3 à 32 lettres, chiffres, points, tirets ou tirets bas.`,
    email: t`Indiquez une adresse e-mail valide, par exemple camille@exemple.fr.`,
    password: t`Choisissez de 8 à 128 caractères.`,
    first_name: t`Indiquez votre prénom (100 caractères au plus).`,
    last_name: t`Indiquez votre nom (100 caractères au plus).`,
  },
  usernameTaken: t`Ce nom d'utilisateur est déjà pris.`,
  emailTaken: t`Cette adresse e-mail a déjà un compte.`,
  missing: {
    username: t`Indiquez votre nom d'utilisateur.`,
    password: t`Indiquez votre mot de passe.`,
  },
}
