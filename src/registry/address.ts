// Is a host on this machine or inside the network behind it? A registry that redirects there would make us its
// messenger to services that only we can reach.

import { lookup } from 'node:dns/promises'
import { BlockList, isIP } from 'node:net'

/**
 * True for loopback, private, link-local, shared and multicast addresses, and for names that resolve to one.
 * A name that does not resolve is nowhere: false, and the request itself will say so.
 */
export async function isPrivateHost(hostname: string): Promise<boolean> {
  const bare = unbracketed(hostname)
  if (isIP(bare)) return isPrivateAddress(bare)
  if (isLoopback(bare)) return true
  try {
    return (await lookup(bare, { all: true })).some(({ address }) => isPrivateAddress(address))
  } catch {
    return false
  }
}

/** By its name or address alone. */
export function isLoopback(hostname: string): boolean {
  const bare = unbracketed(hostname)
  return bare === 'localhost' || bare.endsWith('.localhost') || bare === '::1' || /^127\.\d+\.\d+\.\d+$/.test(bare)
}

function isPrivateAddress(address: string): boolean {
  return privateAddresses().check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4')
}

/** IANA's special-purpose address registries (RFC 6890), and multicast. Also holds for IPv4 written as IPv6. */
function privateAddresses(): BlockList {
  const list = new BlockList()
  for (const [net, prefix] of [
    ['0.0.0.0', 8],
    ['10.0.0.0', 8],
    ['100.64.0.0', 10],
    ['127.0.0.0', 8],
    ['169.254.0.0', 16],
    ['172.16.0.0', 12],
    ['192.0.0.0', 24],
    ['192.168.0.0', 16],
    ['198.18.0.0', 15],
    ['224.0.0.0', 3],
  ] as const)
    list.addSubnet(net, prefix, 'ipv4')
  for (const [net, prefix] of [
    ['::', 127],
    ['fc00::', 7],
    ['fe80::', 10],
    ['ff00::', 8],
  ] as const)
    list.addSubnet(net, prefix, 'ipv6')
  return list
}

const unbracketed = (hostname: string): string => hostname.replace(/^\[|\]$/g, '')
