//! References between resources.

/// The position of a resource in its graph.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ResourceId {
    stack: usize,
    index: usize,
}

impl ResourceId {
    /// Creates the id of the resource at `index` in the stack at position `stack`.
    pub fn new(stack: usize, index: usize) -> Self {
        Self { stack, index }
    }

    /// The position of the resource's stack in [`Graph::stacks`](crate::Graph::stacks).
    pub fn stack(self) -> usize {
        self.stack
    }

    /// The position of the resource in [`StackNode::resources`](crate::StackNode::resources).
    pub fn index(self) -> usize {
        self.index
    }
}
