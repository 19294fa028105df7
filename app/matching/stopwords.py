"""Words that say nothing about a need or an offer. Small on purpose: idf does the rest."""

ENGLISH = frozenset(
    {
        "a", "an", "the", "and", "or", "of", "to", "in", "on", "at", "by", "for", "from", "with", "without",
        "into", "onto", "over", "under", "as", "is", "are", "was", "were", "be", "been", "being", "it", "its",
        "this", "that", "these", "those", "there", "we", "our", "us", "you", "your", "they", "their", "them",
        "he", "she", "his", "her", "i", "me", "my", "not", "no", "nor", "so", "than", "then", "too", "very",
        "can", "could", "will", "would", "shall", "should", "may", "might", "must", "do", "does", "did", "done",
        "has", "have", "had", "having", "which", "who", "whom", "whose", "what", "when", "where", "while",
        "how", "why", "if", "but", "also", "any", "all", "each", "every", "both", "more", "most", "other",
        "such", "only", "own", "same", "per", "up", "out", "about", "between", "after", "before", "during",
        "again", "once", "here", "just",
    }
)  # fmt: skip

# Single characters: a two-character term is dropped only when both of its characters are in this set.
CHINESE = frozenset(
    "的了和与在是不就都也一个有要及或等并把被让给对为以于从到由其该这那你我他她它们能可会还又很再上下中"
)
