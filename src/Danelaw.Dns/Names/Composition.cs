using System.Globalization;
using System.Text;

namespace Danelaw.Dns.Names;

/// <summary>
/// Normalization Form C, which a U-label must be in (RFC 5891 §4.2.1). A runtime without ICU (InvariantGlobalization) composes nothing and says nothing,
/// so text that it might have to compose is told apart here; what is in doubt is refused, for it could name somebody else.
/// </summary>
internal static class Composition
{
    private static readonly bool ComposesHere = "u\u0308".Normalize(NormalizationForm.FormC).Length == 1;

    /// <summary>What Form C replaces wherever it stands: letters encoded twice, and letters that it always takes apart.</summary>
    private static readonly (int First, int Last)[] Replaced =
    [
        (0x374, 0x374), (0x958, 0x95F), (0x9DC, 0x9DD), (0x9DF, 0x9DF), (0xA33, 0xA33), (0xA36, 0xA36), (0xA59, 0xA5B), (0xA5E, 0xA5E), (0xB5C, 0xB5D),
        (0xF43, 0xF43), (0xF4D, 0xF4D), (0xF52, 0xF52), (0xF57, 0xF57), (0xF5C, 0xF5C), (0xF69, 0xF69), (0xF73, 0xF73), (0xF75, 0xF76), (0xF78, 0xF78), (0xF81, 0xF81),
        (0xF93, 0xF93), (0xF9D, 0xF9D), (0xFA2, 0xFA2), (0xFA7, 0xFA7), (0xFAC, 0xFAC), (0xFB9, 0xFB9), (0x1F71, 0x1F71), (0x1F73, 0x1F73), (0x1F75, 0x1F75),
        (0x1F77, 0x1F77), (0x1F79, 0x1F79), (0x1F7B, 0x1F7B), (0x1F7D, 0x1F7D), (0x1FBE, 0x1FBE), (0x1FD3, 0x1FD3), (0x1FE3, 0x1FE3), (0xF900, 0xFAFF), (0xFB1D, 0xFB4E), (0x2F800, 0x2FA1F),
    ];

    /// <summary>The marks of Latin, Greek and Cyrillic letters: most make another letter with the one before them. Jamo make syllables.</summary>
    private static readonly (int First, int Last)[] Joining = [(0x300, 0x36F), (0x1100, 0x11FF), (0x1AB0, 0x1AFF), (0x1DC0, 0x1DFF), (0x20D0, 0x20FF), (0xFE20, 0xFE2F)];

    /// <summary>A mark, and the letters of other scripts with which it makes another letter.</summary>
    private static readonly (int Mark, string Letters)[] Pairs =
    [
        (0x653, "\u0627"), (0x654, "\u0627\u0648\u064A\u06C1\u06D2\u06D5"), (0x655, "\u0627"), (0x93C, "\u0928\u0930\u0933"), (0x9BE, "\u09C7"), (0x9D7, "\u09C7"),
        (0xB3E, "\u0B47"), (0xB56, "\u0B47"), (0xB57, "\u0B47"), (0xBBE, "\u0BC6\u0BC7"), (0xBD7, "\u0B92\u0BC6"), (0xC56, "\u0C46"), (0xCC2, "\u0CC6"),
        (0xCD5, "\u0CBF\u0CC6\u0CCA"), (0xCD6, "\u0CC6"), (0xD3E, "\u0D46\u0D47"), (0xD57, "\u0D46"), (0xDCA, "\u0DD9\u0DDC"), (0xDCF, "\u0DD9"), (0xDDF, "\u0DD9"),
        (0x102E, "\u1025"), (0x1B35, "\u1B05\u1B07\u1B09\u1B0B\u1B0D\u1B11\u1B3A\u1B3C\u1B3E\u1B3F\u1B42"),
        (0x3099, "\u3046\u304B\u304D\u304F\u3051\u3053\u3055\u3057\u3059\u305B\u305D\u305F\u3061\u3064\u3066\u3068\u306F\u3072\u3075\u3078\u307B\u309D" +
            "\u30A6\u30AB\u30AD\u30AF\u30B1\u30B3\u30B5\u30B7\u30B9\u30BB\u30BD\u30BF\u30C1\u30C4\u30C6\u30C8\u30CF\u30D2\u30D5\u30D8\u30DB\u30EF\u30F0\u30F1\u30F2\u30FD"),
        (0x309A, "\u306F\u3072\u3075\u3078\u307B\u30CF\u30D2\u30D5\u30D8\u30DB"),
        (0x110BA, "\U00011099\U0001109B\U000110A5"), (0x11127, "\U00011131\U00011132"), (0x1133E, "\U00011347"), (0x11357, "\U00011347"),
        (0x114B0, "\U000114B9"), (0x114BA, "\U000114B9"), (0x114BD, "\U000114B9"), (0x115AF, "\U000115B8\U000115B9"), (0x11930, "\U00011935"),
    ];

    /// <summary>Composes a label; false where this runtime cannot and the label may need it.</summary>
    internal static bool TryCompose(string label, out string composed)
    {
        composed = label.Normalize(NormalizationForm.FormC);
        return ComposesHere || IsComposed(composed);
    }

    /// <summary>Whether text is certainly in Form C. It may be so where this says that it is not.</summary>
    internal static bool IsComposed(string text)
    {
        var before = new Rune('\0');
        foreach (var rune in text.EnumerateRunes())
        {
            if (IsIn(Replaced, rune.Value) || IsIn(Joining, rune.Value) || MakesOne(before, rune) || MayChangePlaces(before, rune)) return false;
            before = rune;
        }

        return true;
    }

    private static bool IsIn((int First, int Last)[] ranges, int point)
    {
        foreach (var (first, last) in ranges)
            if (point >= first && point <= last) return true;
        return false;
    }

    private static bool MakesOne(Rune letter, Rune mark)
    {
        foreach (var (other, letters) in Pairs)
            if (other == mark.Value && letters.EnumerateRunes().Contains(letter)) return true;
        return false;
    }

    /// <summary>Form C also puts marks of one letter into their order.</summary>
    private static bool MayChangePlaces(Rune before, Rune mark) =>
        IsMark(before) && IsMark(mark) && !(OrderOf(before.Value) is { } first && OrderOf(mark.Value) is { } second && (second == 0 || first <= second));

    private static bool IsMark(Rune rune) => Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark;

    /// <summary>The canonical combining class in the scripts whose names have several marks on one letter: those of India, Sinhala, Thai, Lao, Myanmar, Khmer. Null elsewhere.</summary>
    private static int? OrderOf(int mark) => mark switch
    {
        0x93C or 0x9BC or 0xA3C or 0xABC or 0xB3C or 0xC3C or 0xCBC or 0x1037 => 7,
        0x94D or 0x9CD or 0xA4D or 0xACD or 0xB4D or 0xBCD or 0xC4D or 0xCCD or 0xD3B or 0xD3C or 0xD4D or 0xDCA or 0xE3A or 0xEBA or 0x1039 or 0x103A or 0x17D2 => 9,
        0xC55 => 84,
        0xC56 => 91,
        0xE38 or 0xE39 => 103,
        >= 0xE48 and <= 0xE4B => 107,
        0xEB8 or 0xEB9 => 118,
        >= 0xEC8 and <= 0xECB => 122,
        0x952 or 0x108D => 220,
        0x951 or 0x953 or 0x954 or 0x9FE or 0x17DD => 230,
        (>= 0x900 and <= 0xEFF) or (>= 0x1000 and <= 0x109F) or (>= 0x1780 and <= 0x17FF) => 0,
        _ => null,
    };
}
