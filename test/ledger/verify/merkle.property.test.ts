import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  leafHash,
  leafNode,
  MerkleTree,
  merkleRoot,
  rootOfPath,
  SharedNodes,
} from '../../../src/ledger/verify/merkle.js';

/** Inputs and roots that implementations of RFC 6962 are commonly tested with. */
const INPUTS = [
  '',
  '00',
  '10',
  '2021',
  '3031',
  '40414243',
  '5051525354555657',
  '606162636465666768696a6b6c6d6e6f',
];
const ROOTS = [
  'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
  '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
  'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
  'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
  '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
  'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
  '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
];

const leavesOf = (size: number): string[] => Array.from({ length: size }, (_, i) => `leaf ${i}`);

describe('the Merkle tree of RFC 6962', () => {
  it.each(ROOTS.map((root, size) => ({ size, root })))(
    'has the known root of $size leaves',
    ({ size, root }) => {
      const leaves = INPUTS.slice(0, size).map((hex) => Buffer.from(hex, 'hex'));
      expect(merkleRoot(leaves).toString('hex')).toBe(root);
    },
  );

  it('is led to by the path of each leaf, and by no other path', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 70 }), fc.nat(69), fc.nat(69), (size, i, j) => {
        const [index, other] = [i % size, j % size];
        const tree = new MerkleTree();
        for (const [k, leaf] of leavesOf(size).entries()) tree.add(leafNode(leaf, k === index));
        const path = tree.path() ?? [];
        const leaf = leafHash(`leaf ${index}`);
        const root = tree.root();
        expect(rootOfPath(leaf, index, size, path)).toEqual(root);
        expect(rootOfPath(leafHash('another'), index, size, path)).not.toEqual(root);
        if (other !== index) expect(rootOfPath(leaf, other, size, path)).not.toEqual(root);
        expect(rootOfPath(leaf, index, size, [...path, root])).toBeUndefined();
        expect(rootOfPath(leaf, index, size, path.slice(1))?.equals(root) ?? false).toBe(size === 1);
      }),
    );
  });

  it('shares nodes with others and has the same root', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 40 }), { minLength: 1, maxLength: 6 }), (sizes) => {
        const nodes = new SharedNodes();
        const trees = sizes.map(() => new MerkleTree(nodes));
        for (const [k, text] of leavesOf(40).entries()) {
          const leaf = leafNode(text);
          for (const [t, tree] of trees.entries()) if (k < (sizes[t] ?? 0)) tree.add(leaf);
        }
        for (const [t, tree] of trees.entries())
          expect(tree.root()).toEqual(merkleRoot(leavesOf(sizes[t] ?? 0)));
      }),
    );
  });
});
