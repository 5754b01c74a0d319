// Keys that vendors and standards print in their own manuals. People paste them into tests, documents and issues by
// the thousand; they open nothing. Written in parts, so that no scanner takes this list for a leak.

import { isSampleJwt } from './jwt.ts'

/** Is this the sample of a manual? */
export const isDocumented = (value: string): boolean => manuals.test(value) || samples.has(value) || isSampleJwt(value)

/** Amazon's and others' samples end in EXAMPLE or EXAMPLEKEY. */
const manuals = /EXAMPLE(?:KEY|TOKEN|SECRET)?$/

const samples: ReadonlySet<string> = new Set(
  [
    // Stripe's documentation, before one signs in
    ['sk_te', 'st_4eC39Hq', 'LyjWDarjtT1zdp7dc'],
    ['sk_te', 'st_BQokikJ', 'OvBiI2HlWgH4olfQ2'],
    ['sk_te', 'st_26PHem9', 'AhJZvU623DfE1x4sd'],
    ['pk_te', 'st_TYooMQa', 'uvdEDq54NiTphI7jx'],
    ['pk_te', 'st_6pRNASC', 'oBOKtIShFeQd4XMUh'],
    // GitHub's pages on OAuth and app tokens
    ['gh', 'o_16C7e42F292c6', '912E7710c838347Ae178B4a'],
    ['gh', 'u_16C7e42F292c6', '912E7710c838347Ae178B4a'],
    ['gh', 's_16C7e42F292c6', '912E7710c838347Ae178B4a'],
    ['gh', 'r_1B4a2e77838347a7E420ce178F2E', '7c6912E169246c34E1ccbF66C46812d16D5B1A9Dc86A1498'],
    // Slack's pages on token types
    ['xox', 'b-17653672481-19874698323-', 'pdFZKVeTuE8sk7oOcHrzzqgy'],
    // The storage and database emulators of Microsoft, the same on every machine
    ['Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50u', 'SRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw=='],
    ['C2y6yDjf5/R+ob0N8A7Cgv30VRDJIWEHLM+4QDU5DE2n', 'Q9nDuVTqobD4b8mGGyPMbIZnqyMsEcaGQy67XIw/Jw=='],
    // Articles on bcrypt
    ['$2b$10$N9qo8uLOickgx2ZMRZoMye', 'IjZAgcfl7p92ldGxad68LJZdL17lhWy'],
    ['$2a$10$N9qo8uLOickgx2ZMRZoMye', 'IjZAgcfl7p92ldGxad68LJZdL17lhWy'],
    // RFC 6749 (OAuth 2.0)
    ['2YotnFZF', 'Ejr1zCsicMWpAA'],
    ['tGzv3JOk', 'F0XG5Qx2TlKWIA'],
    ['SplxlOBe', 'ZQQYbYS6WxSbIA'],
    ['czZCaGRSa3F0MzpnW', 'DFmQmF0M2JW'],
    ['gX1fB', 'at3bV'],
    ['7Fjfp0ZBr1', 'KtDRbnfVdmIw'],
    // RFC 6750 (bearer tokens)
    ['mF_9.B5', 'f-4.1JqM'],
    // RFC 7617 (basic authentication), RFC 2617 (digest)
    ['QWxhZGRpbjpvcGVu', 'IHNlc2FtZQ=='],
    ['open ', 'sesame'],
    ['dGVzdDoxMj', 'PCow=='],
    ['Circle', ' Of Life'],
  ].map((parts) => parts.join('')),
)
