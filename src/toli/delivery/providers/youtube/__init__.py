"""YouTube: films of our channel by an upload that goes on where it stopped."""
