"""The vocabulary: ids, events, facts and decisions. Frozen, slotted, standard library only."""
