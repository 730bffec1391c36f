//! Hashes, and the Merkle tree of RFC 9162, section 2.1. The root of the tree is one hash of a whole list of byte strings,
//! the leaves.

use std::fmt;

use sha2::{Digest, Sha256};

/// The first hashed byte of a leaf. Nodes have a different first byte, so no leaf has the hash of a node.
const LEAF_PREFIX: u8 = 0;
/// The first hashed byte of a node.
const NODE_PREFIX: u8 = 1;

/// A SHA-256 hash. It is displayed as 64 hexadecimal digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Checksum([u8; 32]);

impl Checksum {
    /// The hash of these bytes.
    #[must_use]
    pub fn of(bytes: &[u8]) -> Self {
        Self(Sha256::digest(bytes).into())
    }

    fn of_leaf(leaf: &[u8]) -> Self {
        Self(Sha256::new().chain_update([LEAF_PREFIX]).chain_update(leaf).finalize().into())
    }

    fn of_node(left: Self, right: Self) -> Self {
        let node =
            Sha256::new().chain_update([NODE_PREFIX]).chain_update(left.0).chain_update(right.0);
        Self(node.finalize().into())
    }
}

impl fmt::Display for Checksum {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(formatter, "{byte:02x}"))
    }
}

/// A Merkle tree to which leaves are added one by one. It keeps one hash for each complete subtree, so it needs little memory.
#[derive(Debug, Default)]
pub struct MerkleTree {
    /// The heights and hashes of the complete subtrees, from left to right. Heights decrease.
    subtrees: Vec<(u32, Checksum)>,
    leaves: u64,
}

impl MerkleTree {
    /// Adds a leaf at the end.
    pub fn push(&mut self, leaf: &[u8]) {
        let (mut height, mut hash) = (0, Checksum::of_leaf(leaf));
        // Two complete subtrees of the same height are the halves of a complete subtree.
        while let Some((_, left)) = self.subtrees.pop_if(|subtree| subtree.0 == height) {
            hash = Checksum::of_node(left, hash);
            height += 1;
        }
        self.subtrees.push((height, hash));
        self.leaves += 1;
    }

    /// The number of leaves.
    #[must_use]
    pub fn leaf_count(&self) -> u64 {
        self.leaves
    }

    /// The root. If there are no leaves, it is the hash of an empty byte string.
    #[must_use]
    pub fn root(&self) -> Checksum {
        let mut from_right = self.subtrees.iter().rev().map(|(_, hash)| *hash);
        let Some(last) = from_right.next() else { return Checksum::of(&[]) };
        from_right.fold(last, |right, left| Checksum::of_node(left, right))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The definition in RFC 9162, section 2.1.1.
    fn naive_root(leaves: &[Vec<u8>]) -> Checksum {
        match leaves {
            [] => Checksum::of(&[]),
            [leaf] => Checksum::of_leaf(leaf),
            leaves => {
                let mut split = 1;
                while split * 2 < leaves.len() {
                    split *= 2;
                }
                let (left, right) = leaves.split_at(split);
                Checksum::of_node(naive_root(left), naive_root(right))
            }
        }
    }

    fn root(leaves: &[Vec<u8>]) -> Checksum {
        let mut tree = MerkleTree::default();
        for leaf in leaves {
            tree.push(leaf);
        }
        assert_eq!(usize::try_from(tree.leaf_count()).unwrap(), leaves.len());
        tree.root()
    }

    proptest! {
        #[test]
        fn root_is_the_root_of_the_recursive_definition(
            leaves in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..5), 0..70),
        ) {
            prop_assert_eq!(root(&leaves), naive_root(&leaves));
        }

        #[test]
        fn every_changed_leaf_changes_the_root(count in 1_usize..40, changed in 0_usize..40) {
            let leaves: Vec<Vec<u8>> = (0..count).map(|leaf| leaf.to_string().into_bytes()).collect();
            let mut other = leaves.clone();
            other[changed % count].push(b'!');
            prop_assert_ne!(root(&leaves), root(&other));
            other.clone_from(&leaves);
            other.push(Vec::new());
            prop_assert_ne!(root(&leaves), root(&other));
        }
    }

    /// The leaves and roots of the tests of Certificate Transparency (RFC 6962, which RFC 9162 replaces).
    #[test]
    fn roots_of_certificate_transparency_are_reproduced() {
        let leaves: [&[u8]; 8] = [
            &[],
            &[0x00],
            &[0x10],
            &[0x20, 0x21],
            &[0x30, 0x31],
            &[0x40, 0x41, 0x42, 0x43],
            &[0x50, 0x51, 0x52, 0x53, 0x54, 0x55, 0x56, 0x57],
            &[
                0x60, 0x61, 0x62, 0x63, 0x64, 0x65, 0x66, 0x67, 0x68, 0x69, 0x6a, 0x6b, 0x6c, 0x6d,
                0x6e, 0x6f,
            ],
        ];
        let leaves = leaves.map(<[u8]>::to_vec);
        for (count, expected) in [
            (0, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
            (1, "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"),
            (2, "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"),
            (3, "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77"),
            (4, "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7"),
            (5, "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4"),
            (6, "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef"),
            (7, "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c"),
            (8, "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"),
        ] {
            assert_eq!(root(&leaves[..count]).to_string(), expected, "{count} leaves");
        }
    }
}
