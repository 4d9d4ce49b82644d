using System.Collections.Immutable;
using System.Text;

namespace Danelaw.Operator.Audit.Postfix.Syntax;

/// <summary>A logical line of main.cf or master.cf: the lines that begin with blanks go on with the one before (postconf(5)).</summary>
/// <param name="Line">Where it begins, from 1 on.</param>
/// <param name="Last">The last line that belongs to it.</param>
/// <param name="Text">Its text, the lines joined as they are; never empty.</param>
internal readonly record struct LogicalLine(int Line, int Last, string Text);

/// <summary>Reads the logical lines of Postfix's files.</summary>
internal static class LogicalLines
{
    private static readonly char[] Blanks = [' ', '\t', '\r', '\v', '\f'];

    /// <summary>The lines of a file; comments and empty lines are left out, also where they stand within a logical line.</summary>
    /// <param name="text">The file.</param>
    /// <param name="file">Its path, for faults.</param>
    /// <param name="faults">Where lines are added that go on with nothing; Postfix warns of them and reads on without.</param>
    internal static ImmutableArray<LogicalLine> Read(string text, string file, ICollection<SyntaxFault> faults)
    {
        var lines = ImmutableArray.CreateBuilder<LogicalLine>();
        StringBuilder? logical = null;
        int begin = 0, last = 0, number = 0;
        foreach (var raw in text.Split('\n'))
        {
            number++;
            var line = raw.TrimEnd(Blanks);
            var content = line.TrimStart(Blanks);
            if (content.Length == 0 || content[0] == '#') continue;
            if (content.Length == line.Length)
            {
                End();
                logical = new(line);
                begin = last = number;
            }
            else if (logical is null)
            {
                faults.Add(new(new(file, number), "a logical line must not begin with blanks: nothing stands before it that it could go on with", false));
            }
            else
            {
                logical.Append(line);
                last = number;
            }
        }

        End();
        return lines.ToImmutable();

        void End()
        {
            if (logical is not null) lines.Add(new(begin, last, logical.ToString()));
        }
    }
}
