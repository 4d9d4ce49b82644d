namespace Danelaw.Certificates;

/// <summary>How much work the passwords of one file may cost, all its parts and every try together: who made the file says how often a digest is computed.</summary>
/// <param name="work">How much, in digests of one block.</param>
internal sealed class PasswordBudget(long work = PasswordBudget.Maximum)
{
    /// <summary>Digests of one block: several times what programs write (OpenSSL 2048 rounds, NSS 600,000), and done within seconds.</summary>
    public const int Maximum = 10_000_000;

    private long _left = work;

    /// <summary>Takes work from what is left.</summary>
    /// <param name="rounds">The rounds that the file asks for.</param>
    /// <param name="blocks">What each round costs, in digests of one block.</param>
    /// <returns>False when it is more than is left, or none at all.</returns>
    public bool TrySpend(int rounds, long blocks)
    {
        if (rounds < 1 || blocks < 1 || blocks > _left / rounds) return false;
        _left -= rounds * blocks;
        return true;
    }
}
